"""docs/receivers/mutants.md: what a run of Lab/mutate gave."""
import textwrap

INTRODUCTION = """\
# Mutants of the four servers' models

The models and the lab's generator have the same authors. So `Lab/mutate` changes every place of the
models that decides something, one at a time, and plays the result against what the real servers
replied: a mutant is caught when a recorded reply contradicts it. This page is written by
`Lab/mutate --record`; the run fails when it is not what the page says.
"""


# What operators.py passes over.
LEFT_OUT = (
    "Not mutated is what no server shows: the findings beside a reply, what «cannot tell» says, and the"
    " catalogue's texts. A stage that a function overrides, and two outcomes of a look-up that one case"
    " takes together, are not exchanged either.")


def page(table, mutants, survivors, ended, groups, count):
    caught = len(mutants) - len(survivors)
    lines = [INTRODUCTION]
    lines.append(textwrap.fill(
        f"{caught} of {len(mutants)} mutants are caught, {caught / len(mutants):.1%}, by {count}"
        f" recorded replies; {ended} of them because they end the program. The other"
        f" {len(survivors)} are explained below and count as not caught.", 78))
    lines += ["", textwrap.fill(LEFT_OUT, 78)]
    lines += ["", "Caught of all, per model and kind:", "", *table, ""]
    lines += [textwrap.fill(
        "The C library is what Postfix, Sendmail and OpenSMTPD build on; the replies are the two"
        " ways in which servers repeat a name or an address.", 78), "", "## Survivors", ""]
    alive = {each.key: each for each in survivors}
    for group in groups:
        known = [key for key in group["mutants"] if key in alive]
        lines += [f"### {group['title']}", "", textwrap.fill(group["why"], 78), ""]
        lines += [f"- {alive[key].kind}: `{key.replace('`', '')}`" for key in known]
        lines.append("")
    unexplained = [each for each in survivors if not any(
        each.key in group["mutants"] for group in groups)]
    if unexplained:
        lines += ["### Not explained", ""] + [f"- `{each.key}`" for each in unexplained] + [""]
    return "\n".join(lines).rstrip() + "\n"
