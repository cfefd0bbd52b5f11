"""The mutations: which places of a model are changed, and how.

Every place keeps its code and gets a guard around it, `Mutant.bool(7, …)`: one build holds all mutants,
and `Mutant.active` says which one of them holds. What the guards do is in MutantSupport.swift.
"""
import re

from swift_syntax import Node, Parser

# Kinds of mutants, as the issue names them and as the page lists them.
CONDITION, LIMIT, CODE, TEXT = "condition", "limit", "code", "text"
POINTERS, FAMILY, ERROR_CLASS = "which PTRs", "which families", "error class"
OUTCOME, STAGE, DEFAULT = "outcome", "stage", "on by default"
KINDS = [
    CONDITION, LIMIT, CODE, TEXT, POINTERS, FAMILY, ERROR_CLASS, OUTCOME, STAGE, DEFAULT,
]

# Enumerations whose values are exchanged; `|` joins those that no server tells apart.
EXCHANGED = {
    "EximReverse": ["confirmed", "failed", "deferred"],
    "EximForward": ["addresses", "nothing", "temporaryFailure"],
    "EximSyntax.HELO": ["valid", "invalid", "fatal"],
    "LibcForward": ["confirmed", "mismatch|permanentFailure", "temporaryFailure"],
    "SendmailClientResolve": ["ok", "fail", "forged", "temporary"],
}
# Where they stand without their type's name.
FILE_TYPES = {
    "EximReverse": ["EximReverse", "EximForward"],
    "EximSyntax": ["EximSyntax.HELO"],
    "LibcResolver": ["LibcForward"],
    "Sendmail": ["SendmailClientResolve"],
}
STAGES = {"connect": "helo", "helo": "mail", "mail": "rcpt", "rcpt": "mail"}
# A look-up's outcome taken for another one.
OUTCOME_CHANGES = [
    "a temporary failure read as absence", "NXDOMAIN read as a failure", "NODATA read as a failure",
    "FORMERR read as SERVFAIL", "SERVFAIL read as FORMERR", "NXDOMAIN read as NODATA",
    "NODATA read as NXDOMAIN",
]
MATCH_CHANGES = [
    (FAMILY, "the other family alone"), (FAMILY, "both families, a failure of either counts"),
    (FAMILY, "either family, a failure of one does not count"),
    (ERROR_CLASS, "a failure read as NXDOMAIN"), (ERROR_CLASS, "NXDOMAIN read as a failure"),
    (ERROR_CLASS, "NODATA read as a failure"),
]
FIRST_NAME_CHANGES = ["the last name", "any name that passes", "any name that does not pass"]
BOUNDARIES = {"<": ("below", "<="), "<=": ("atMost", "<"), ">": ("above", ">="), ">=": ("atLeast", ">")}

# No server shows what these give: findings, sources, what a person reads.
UNSEEN_RESULTS = {
    "FindingCode", "[FindingCode]", "Judgement.Reason", "RuleSource", "[ReplyTemplate]",
    "ConfigurationChange",
}
UNSEEN_LABELS = {
    "because", "change", "id", "name", "replies", "repliesWith", "setting", "settings", "source",
    "summary",
}
REPLY_MAKERS = {"ReplyTemplate", "rejected", "Replies"}
TRUTH_NAMES = {"contains", "starts", "allSatisfy", "has", "begins"}
TRUTH_NAME = re.compile(r"(is|has|wants|asks|begins)([A-Z]|$)")
TRUTH_CLOSURES = {"contains", "allSatisfy", "filter", "prefix", "split", "count", "first"}
COMPARISONS = {"==", "!=", "<", "<=", ">", ">="}


class Mutant:
    def __init__(self, number, file, place, kind, change, snippet):
        self.number, self.file, self.place = number, file, place
        self.kind, self.change, self.snippet = kind, change, snippet
        self.key = ""


def last_name(node):
    if node.kind in ("member", "implicit"):
        return node.name
    if node.kind == "name":
        return node.text
    if node.kind == "call":
        return last_name(node.callee)
    return ""


def is_truth(node):
    """Whether an expression is a Bool, by its operator or by how things are named here."""
    if node.kind == "not":
        return True
    if node.kind == "binary":
        return node.sign.text in COMPARISONS | {"&&", "||"}
    if node.kind == "tuple":
        return len(node.arguments) == 1 and is_truth(node.arguments[0].value)
    if node.kind in ("call", "member", "name"):
        name = last_name(node)
        return name in ("true", "false") or bool(TRUTH_NAME.match(name)) or (
            node.kind == "call" and name in TRUTH_NAMES)
    return False


class Mutator:
    """Mutates one file."""

    def __init__(self, name, text, functions, first):
        self.name, self.text, self.functions = name, text, functions
        self.number = first
        self.mutants = []
        self.wraps = []
        self.points = []
        self.replaced = []
        self.place = ""
        self.makes_reply = False
        self.templates = set()

    # Bookkeeping

    def snippet(self, node):
        return re.sub(r"\s+", " ", self.text[node.start:node.end])

    def new(self, node, kind, change):
        self.mutants.append(
            Mutant(self.number, self.name, self.place, kind, change, self.snippet(node)))
        self.number += 1
        return self.number - 1

    def wrap(self, node, before, after=")"):
        self.wraps.append((node.start, node.end, len(self.wraps), before, after))

    def wrap_all(self, node, guard, kind, changes):
        numbers = [self.new(node, kind, change) for change in changes]
        self.wrap(node, f"Mutant.{guard}({numbers[0]}, ")

    def insert(self, at, text):
        self.points.append((at, text))

    def replace(self, start, end, text):
        self.replaced.append((start, end, text))

    def result(self):
        """The file with all guards in place."""
        pieces = {}

        def put(at, rank, text):
            pieces.setdefault(at, []).append((rank, text))

        for at, text in self.points:
            put(at, (0,), text)
        for start, end, order, before, after in self.wraps:
            # What is inside ends first and begins last; of two guards on one span the first is outside.
            put(end, (1, -start, -order), after)
            put(start, (2, -end, order), before)
        replaced = {start: (end, text) for start, end, text in self.replaced}
        out, at = [], 0
        while at <= len(self.text):
            out += [text for _, text in sorted(pieces.get(at, []))]
            if at in replaced:
                end, text = replaced[at]
                out.append(text)
                at = end
                continue
            out.append(self.text[at:at + 1])
            at += 1
        return "".join(out)

    # Declarations

    def run(self):
        tree = Parser(self.text).declarations()
        self.collect_templates(tree)
        for each in tree:
            self.declaration(each, "")
        return self

    def collect_templates(self, tree):
        for each in tree:
            if each.kind == "type":
                self.collect_templates(each.inner)
            elif each.kind == "variable" and each.value is not None and each.value.kind == "call":
                if last_name(each.value) in REPLY_MAKERS:
                    self.templates.add(each.name)

    def declaration(self, node, outer):
        if node.kind == "type":
            for each in node.inner:
                self.declaration(each, node.name)
            return
        if node.kind == "variable" and node.type and (
                self.text[slice(*node.type)] in UNSEEN_RESULTS):
            return
        if node.kind == "variable" and node.name.lower().endswith("replies"):
            return
        self.place = node.name if node.name != "init" else f"{outer}.init"
        if self.functions and node.name not in self.functions:
            return
        if node.kind == "function":
            result = self.text[slice(*node.result)] if node.result else ""
            if result in UNSEEN_RESULTS:
                return
            self.makes_reply = result in ("ReplyTemplate", "String") or outer == "Replies"
            self.body(node.body, result == "Bool")
            self.makes_reply = False
        elif node.value is not None:
            self.constant(node)
        elif node.body is not None:
            self.body(node.body, False)

    def constant(self, node):
        """A constant is made anew at each use, or a mutant of it would never show."""
        if "static" in node.words:
            self.make_anew(node)
        self.makes_reply = node.value.kind != "number"
        self.visit(node.value)
        self.makes_reply = False

    def make_anew(self, node):
        made = {"number": "Int", "string": "String", "binary": "String"}.get(node.value.kind)
        made = made or {"rejected": "ReplyTemplate"}.get(last_name(node.value), last_name(node.value))
        start = self.text.rindex("let", node.start, node.name_start)
        self.replace(start, start + 3, "var")
        self.replace(node.name_end, node.value.start, f": {made} {{ ")
        self.wraps.append((node.value.start, node.value.end, len(self.wraps), "", " }"))

    def body(self, block, truth):
        self.statements(block.inner, truth, alone=True)

    def statements(self, inner, truth, alone=False):
        for each in inner:
            self.statement(each, truth, alone and len(inner) == 1)

    def statement(self, node, truth, alone):
        if node.kind == "return":
            if node.value is not None:
                self.visit(node.value, truth)
        elif node.kind == "evaluated":
            self.visit(node.value, truth and alone)
        elif node.kind == "variable":
            if node.type and self.text[slice(*node.type)] in UNSEEN_RESULTS:
                return
            if node.value is None:
                return
            named = bool(TRUTH_NAME.match(node.name))
            self.visit(node.value, named and node.value.kind != "closure", closure=named)
        elif node.kind in ("guard", "while"):
            self.clauses(node.clauses)
            self.statements(node.body.inner, truth)
        elif node.kind == "for":
            self.visit(node.sequence)
            if node.condition is not None:
                self.truth(node.condition)
            self.statements(node.body.inner, truth)

    def clauses(self, clauses):
        role = "and" if len(clauses) > 1 else "root"
        for clause in clauses:
            if clause.kind == "condition":
                self.truth(clause.value, role)
                continue
            if clause.value is not None:
                self.visit(clause.value)
            number = self.new(clause, CONDITION, "never")
            self.wrap(clause, "", f", !Mutant.on({number})")

    def branch(self, node, truth):
        """An if or a switch, as a statement or as a value."""
        if node.kind == "if":
            self.clauses(node.clauses)
            self.statements(node.body.inner, truth, alone=True)
            if node.other is not None:
                if node.other.kind == "if":
                    self.branch(node.other, truth)
                else:
                    self.statements(node.other.inner, truth, alone=True)
            return
        self.subject(node)
        for case in node.cases:
            for condition in case.conditions:
                self.truth(condition)
            self.statements(case.inner, truth, alone=True)

    def subject(self, node):
        subject = node.subject
        if last_name(subject) == "outcome":
            patterns = [self.text[slice(*case.pattern)] for case in node.cases]
            together = any(".noData" in each and ".noSuchName" in each for each in patterns)
            if any(".noData" in each and ".failed" in each for each in patterns):
                # One case takes all that is no answer.
                return
            # Where one case takes both, the one cannot be read as the other.
            self.wrap_all(
                subject, "outcome", ERROR_CLASS, OUTCOME_CHANGES[:5 if together else None])
        else:
            self.visit(subject)

    # Truth values

    def truth(self, node, role="root"):
        if node.kind == "tuple" and len(node.arguments) == 1:
            return self.truth(node.arguments[0].value, role)
        numbers = {"not": -1, "yes": -1, "no": -1}
        joined = node.kind == "binary" and node.sign.text in ("&&", "||")
        literal = node.kind == "name" and node.text in ("true", "false")
        if not joined:
            numbers["not"] = self.new(node, CONDITION, "negated")
        if role == "root" and not literal:
            numbers["yes"] = self.new(node, CONDITION, "always")
            numbers["no"] = self.new(node, CONDITION, "never")
        elif role == "and":
            numbers["yes"] = self.new(node, CONDITION, "left out of the conjunction")
        elif role == "or":
            numbers["no"] = self.new(node, CONDITION, "left out of the alternatives")
        self.wrap(node, "Mutant.bool({not}, {yes}, {no}, ".format(**numbers))
        if joined:
            inner = "and" if node.sign.text == "&&" else "or"
            for each in self.operands(node, node.sign.text):
                self.truth(each, inner)
        elif node.kind == "not":
            self.parts(node.value)
        else:
            self.parts(node)

    def operands(self, node, sign):
        if node.kind == "binary" and node.sign.text == sign:
            return self.operands(node.left, sign) + self.operands(node.right, sign)
        return [node]

    # Values

    def visit(self, node, truth=False, closure=False):
        if node.kind in ("if", "switch"):
            return self.branch(node, truth)
        if node.kind == "closure":
            return self.closure(node, closure)
        if node.kind == "ternary":
            self.truth(node.condition)
            self.visit(node.yes, truth)
            return self.visit(node.no, truth)
        if truth or is_truth(node):
            return self.truth(node)
        self.value(node)
        self.parts(node)

    def closure(self, node, truth):
        self.statements(node.inner, truth, alone=True)

    def value(self, node):
        """Guards around the value as a whole."""
        name = last_name(node) if node.kind in ("implicit", "call", "member") else ""
        implicit = node.kind == "implicit" or (
            node.kind == "call" and node.callee.kind == "implicit")
        if implicit and name == "accepts":
            self.wrap_all(node, "swap", OUTCOME, ["refuses"])
        elif implicit and name == "replies":
            self.wrap_all(node, "swap", OUTCOME, ["accepts"])
        elif node.kind == "implicit" and name in STAGES:
            self.wrap_all(node, "stage", STAGE, [f"at {STAGES[name]}"])
        elif implicit or (node.kind == "member" and self.snippet(node.base) in EXCHANGED):
            self.exchanged(node, name, implicit)
        elif node.kind == "name" and node.text in self.templates:
            self.wrap_all(node, "reply", ERROR_CLASS, ["the other class"])

    def exchanged(self, node, name, implicit):
        types = FILE_TYPES.get(self.name, []) if implicit else [self.snippet(node.base)]
        sets = next((EXCHANGED[each] for each in types if any(
            name in same.split("|") for same in EXCHANGED[each])), [])
        others = [each.split("|")[0] for each in sets if name not in each.split("|")]
        # No address at all is what `nothing` says.
        others = [each for each in others if each != "addresses"]
        decisive = {"confirmed", "ok", "valid"}
        for other in others:
            kind = OUTCOME if {name, other} & decisive else ERROR_CLASS
            number = self.new(node, kind, f"{other} instead")
            if other == others[0]:
                self.wrap(node, f"Mutant.swap({number}, ")

    def parts(self, node):
        """What the value is made of."""
        if node.kind == "binary":
            self.binary(node)
        elif node.kind in ("not", "minus", "try"):
            self.visit(node.value)
        elif node.kind == "ternary":
            self.visit(node)
        elif node.kind == "call":
            self.call(node)
        elif node.kind == "member":
            self.member(node)
        elif node.kind == "optional":
            self.visit(node.base)
        elif node.kind == "subscript":
            self.visit(node.base)
            for each in node.arguments:
                self.visit(each.value)
        elif node.kind == "tuple":
            for each in node.arguments:
                self.visit(each.value)
        elif node.kind == "array":
            self.array(node)
        elif node.kind == "number":
            changes = ["one more"] + (["one less"] if int(node.text, 0) > 0 else [])
            self.wrap_all(node, "int", LIMIT, changes)
        elif node.kind == "string":
            self.string(node)

    def binary(self, node):
        sign = node.sign
        if sign.text in ("=", "+=", "-="):
            return self.visit(node.right)
        if sign.text in BOUNDARIES:
            guard, other = BOUNDARIES[sign.text]
            number = self.new(node, LIMIT, f"{other} for {sign.text}")
            self.wrap(node, f"Mutant.{guard}({number}, ")
            self.replace(sign.start, sign.end, ",")
        # What may be nil is no truth value.
        for each in (node.right,) if sign.text == "??" else (node.left, node.right):
            if not (sign.text in COMPARISONS and each.kind == "implicit"):
                self.visit(each)

    def call(self, node):
        name = last_name(node)
        if name in ("cannotTell", "has") or any(each.label == "ascii" for each in node.arguments):
            return
        if name in REPLY_MAKERS:
            return self.reply(node)
        self.many(node, name)
        if node.callee.kind == "member":
            self.visit(node.callee.base)
        for index, each in enumerate(node.arguments):
            if each.label in UNSEEN_LABELS:
                continue
            if name == "Rule" and each.label in ("stage", "isOnByDefault"):
                self.rule(node, each)
            elif name == "Rule" and each.label == "stageWith":
                self.stages(each.value)
            elif name == "replies" and index == 0:
                self.wrap_all(each.value, "reply", ERROR_CLASS, ["the other class"])
                if each.value.kind != "name":
                    self.parts(each.value) if each.value.kind != "ternary" else self.visit(each.value)
            elif each.value.kind == "name" and name in TRUTH_CLOSURES | {"map"}:
                # A function handed on.
                pass
            elif each.value.kind == "closure":
                self.closure(each.value, name in TRUTH_CLOSURES)
            else:
                self.visit(each.value)
        if name == "dropFirst" and node.callee.kind == "member" and not node.arguments:
            numbers = [self.new(node, LIMIT, change) for change in ("one more", "one less")]
            self.insert(node.open_end, f"Mutant.int({numbers[0]}, 1)")
        if node.closure is not None:
            self.closure(node.closure, name in TRUTH_CLOSURES)

    def many(self, node, name):
        """Calls that choose among several: any, all, the first."""
        if name in ("ofFirstName", "ofFirst"):
            numbers = [self.new_call(node, POINTERS, change) for change in FIRST_NAME_CHANGES]
            self.insert(node.open_end, f"mutant: {numbers[0]}, ")
            return
        if name == "map" and "Ascii.lowercased" in [
                self.snippet(each) for each in node.arguments]:
            number = self.new(node, CONDITION, "case counts")
            self.insert(node.open_end, f"mutant: {number}, ")
        takes_closure = node.closure is not None or (
            node.arguments and (node.arguments[0].label == "where" or name == "allSatisfy"))
        if name in ("allSatisfy", "contains") and takes_closure:
            number = self.new(node, POINTERS if "names" in self.snippet(node) else CONDITION, {
                "allSatisfy": "any for all", "contains": "all for any"}[name])
            if node.open_end is None:
                self.insert(node.callee.end, f"(mutant: {number})")
            else:
                self.insert(node.open_end, f"mutant: {number}, ")

    def new_call(self, node, kind, change):
        """A mutant whose snippet is the call without its closure."""
        end = node.closure.start if node.closure else node.end
        return self.new(Node("part", node.start, end), kind, change)

    def member(self, node):
        if node.name == "match" and self.snippet(node.base) in ("name", "firstName"):
            numbers = [self.new(node, kind, change) for kind, change in MATCH_CHANGES]
            self.wrap(node.base, f"Mutant.match({numbers[0]}, ", "")
            self.replace(node.base.end, node.end, ", facts)")
            return
        if node.name == "addresses" and self.snippet(node.base) == "lookups":
            numbers = [self.new(node, FAMILY, change) for change in ("IPv4 alone", "IPv6 alone")]
            self.wrap(node.base, f"Mutant.addresses({numbers[0]}, ", "")
            self.replace(node.base.end, node.end, ")")
            return
        if node.name in ("first", "last"):
            other = "last" if node.name == "first" else "first"
            kind = POINTERS if "names" in self.snippet(node) else CONDITION
            number = self.new(node, kind, f"the {other}")
            self.insert(node.end, f"(mutant: {number})")
        self.visit(node.base)

    def array(self, node):
        if len(node.items) > 1 and not any(
                each.kind in ("implicit", "call") for each in node.items):
            kind = FAMILY if ".a" in self.snippet(node) else CONDITION
            self.wrap_all(
                node, "dropping", kind, [f"without {self.snippet(each)}" for each in node.items])
        for each in node.items:
            self.visit(each)

    def string(self, node):
        kind = TEXT if self.makes_reply else CONDITION
        text = node.text[1:-1]
        if re.search(r"\w", text):
            change = ["with a word more"] if self.makes_reply and "{" not in text else [
                "without its last byte"]
            self.wrap_all(node, "text" if "more" in change[0] else "clipped", kind, change)
        elif text:
            pieces = re.findall(r"\\.|.", text)
            self.wrap_all(node, "without", CONDITION, [f"without {each}" for each in pieces])

    # Replies and rules

    def reply(self, node):
        for each in node.arguments:
            self.reply_part(each.value, last_name(node) == "ReplyTemplate")
        if node.closure is not None:
            self.closure(node.closure, False)

    def reply_part(self, node, optional):
        if node.kind == "number":
            self.wrap_all(node, "code", CODE, ["the other class", "another code"])
        elif node.kind == "name" and node.text == "nil":
            self.wrap_all(node, "enhanced", CODE, ["an enhanced code"])
        elif node.kind == "string" and re.fullmatch(r'"[245]\.\d+\.\d+"', node.text):
            changes = ["the other class", "another detail"]
            # Only the template itself takes none.
            guard, more = ("enhanced", ["none"]) if optional else ("detail", [])
            self.wrap_all(node, guard, CODE, changes + more)
        elif node.kind == "string" and re.fullmatch(r'"[\d.]+"', node.text):
            self.wrap_all(node, "text", CODE, ["with a word more"])
        elif node.kind == "string":
            self.wrap_all(node, "text", TEXT, ["with a word more"])
        elif node.kind == "binary":
            self.reply_part(node.left, optional)
            self.reply_part(node.right, optional)
        elif node.kind == "ternary":
            self.truth(node.condition)
            self.reply_part(node.yes, optional)
            self.reply_part(node.no, optional)

    def rule(self, node, argument):
        if argument.label == "isOnByDefault":
            number = self.new(self.rule_node(node), DEFAULT, "the other way")
            self.wrap(argument.value, f"Mutant.bool({number}, -1, -1, ")
        elif not any(each.label == "stageWith" for each in node.arguments):
            # Beside stageWith the stage is never asked for.
            number = self.new(self.rule_node(node), STAGE, f"at {STAGES[argument.value.name]}")
            self.wrap(argument.value, f"Mutant.stage({number}, ")

    def rule_node(self, node):
        return next(each.value for each in node.arguments if each.label == "id")

    def stages(self, node):
        """The closure that says where a reply is seen."""
        if node.kind == "closure":
            self.closure(node, False)
