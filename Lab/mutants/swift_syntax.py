"""As much of Swift's syntax as the receivers' models use: tokens, expressions, statements.

What the parser does not know is an error with its line, never skipped: a construct that is new in the
models has to be added here before it can be mutated.
"""
import re

OPERATORS = [
    "...", "..<", "==", "!=", "<=", ">=", "&&", "||", "??", "->", "+=", "-=", "<<", ">>",
    "=", "<", ">", "+", "-", "*", "/", "%", "&", "|", "!", "?", ":", ".", ",", ";", "@", "^", "~",
    "(", ")", "[", "]", "{", "}", "\\",
]
WORD = re.compile(r"\$\d+|`?[A-Za-z_]\w*`?")
NUMBER = re.compile(r"0x[0-9a-fA-F_]+|\d[\d_]*")
MODIFIERS = {
    "package", "private", "fileprivate", "internal", "static", "mutating", "indirect", "final",
    "lazy", "nonisolated",
}
PRECEDENCE = {
    "=": 1, "+=": 1, "-=": 1, "||": 3, "&&": 4,
    "==": 5, "!=": 5, "<": 5, ">": 5, "<=": 5, ">=": 5, "??": 6, "...": 7, "..<": 7,
    "+": 8, "-": 8, "|": 8, "^": 8, "*": 9, "/": 9, "%": 9, "&": 9, "<<": 10, ">>": 10,
}


class Token:
    __slots__ = ("kind", "text", "start", "end", "line", "space", "newline")

    def __init__(self, kind, text, start, line, space, newline):
        self.kind, self.text, self.start, self.end = kind, text, start, start + len(text)
        self.line, self.space, self.newline = line, space, newline


class Node:
    """A part of the syntax tree: its kind, its bytes in the file, and what it is made of."""

    def __init__(self, kind, start, end, **parts):
        self.kind, self.start, self.end = kind, start, end
        self.__dict__.update(parts)


class SyntaxFault(Exception):
    pass


def string_end(text, at):
    """The end of the string literal that begins at `at`, interpolations included."""
    at += 1
    while text[at] != '"':
        if text[at] == "\\" and text[at + 1] == "(":
            depth = 0
            at += 1
            while True:
                if text[at] == '"':
                    at = string_end(text, at)
                    continue
                depth += {"(": 1, ")": -1}.get(text[at], 0)
                at += 1
                if depth == 0:
                    break
        else:
            at += 2 if text[at] == "\\" else 1
    return at + 1


def tokens(text):
    found = []
    at, line, space, newline = 0, 1, True, True
    while at < len(text):
        if text[at] in " \n":
            newline = newline or text[at] == "\n"
            line += text[at] == "\n"
            at, space = at + 1, True
            continue
        if text.startswith("//", at):
            at = text.index("\n", at)
            continue
        if text[at] == '"':
            kind, word = "string", text[at:string_end(text, at)]
        elif match := WORD.match(text, at):
            kind, word = "word", match[0]
        elif match := NUMBER.match(text, at):
            kind, word = "number", match[0]
        else:
            word = next((each for each in OPERATORS if text.startswith(each, at)), None)
            kind = "sign"
            if word is None:
                raise SyntaxFault(f"line {line}: {text[at:at + 20]!r}")
        found.append(Token(kind, word, at, line, space, newline))
        at += len(word)
        space = newline = False
    found.append(Token("end", "", at, line, True, True))
    return found


class Parser:
    def __init__(self, text):
        self.tokens = tokens(text)
        self.at = 0

    @property
    def now(self):
        return self.tokens[self.at]

    @property
    def next(self):
        return self.tokens[self.at + 1]

    @property
    def last_end(self):
        return self.tokens[self.at - 1].end

    def fault(self, wanted):
        raise SyntaxFault(f"line {self.now.line}: {wanted} expected, not {self.now.text!r}")

    def take(self, text=None):
        if text is not None and self.now.text != text:
            self.fault(repr(text))
        token = self.now
        self.at += 1
        return token

    def skips(self, text):
        if self.now.text != text or self.now.kind == "string":
            return False
        self.at += 1
        return True

    def skip_balanced(self):
        """Over one bracket and all it holds."""
        pairs = {"(": ")", "[": "]", "{": "}"}
        open_ = self.take()
        while self.now.text != pairs[open_.text] or self.now.kind == "string":
            if self.now.kind == "end":
                self.fault("a bracket's end")
            if self.now.text in pairs and self.now.kind != "string":
                self.skip_balanced()
            else:
                self.at += 1
        self.at += 1

    def skip_to(self, ends):
        """Over a type or a pattern, to the first of the words at this depth."""
        while self.now.text not in ends or self.now.kind == "string":
            if self.now.kind == "end":
                self.fault(" or ".join(ends))
            if self.now.text in ("(", "[", "{"):
                self.skip_balanced()
            else:
                self.at += 1

    # Declarations

    def declarations(self):
        found = []
        while self.now.kind != "end" and self.now.text != "}":
            found += self.declaration()
        return found

    def declaration(self):
        start = self.now.start
        words = set()
        while self.now.text in MODIFIERS or self.now.text == "@":
            if self.skips("@"):
                self.take()
            else:
                words.add(self.take().text)
        word = self.take()
        if word.text == "import":
            self.take()
            return []
        if word.text == "case":
            # Of an enum: over names and what they carry, to the end of the line.
            while not self.now.newline:
                self.skip_balanced() if self.now.text == "(" else self.take()
            return []
        if word.text in ("extension", "struct", "enum"):
            name = self.take().text
            self.skip_to(["{"])
            self.take("{")
            inner = self.declarations()
            self.take("}")
            return [Node("type", start, self.last_end, name=name, inner=inner)]
        if word.text in ("let", "var"):
            return [self.variable(start, words)]
        if word.text in ("func", "init", "subscript"):
            return [self.function(start, word.text)]
        self.at -= 1
        self.fault("a declaration")

    def variable(self, start, words):
        name = self.take()
        keyword_end = name.start
        type_ = None
        if self.skips(":"):
            type_start = self.now.start
            self.type()
            type_ = (type_start, self.last_end)
        value = self.expression() if self.skips("=") else None
        body = None
        if self.now.text == "{":
            body = self.block()
        return Node(
            "variable", start, self.last_end, name=name.text, words=words, type=type_, value=value,
            body=body, name_start=keyword_end, name_end=name.end)

    def type(self):
        """Over a type: it ends at `=`, at a body, or with its line."""
        if self.now.text in ("(", "["):
            self.skip_balanced()
        else:
            if self.now.text in ("some", "any"):
                self.take()
            self.take()
            while self.now.text in (".", "<") and not self.now.space:
                if self.take().text == "<":
                    self.skip_to([">"])
                self.take()
        while self.now.text == "?" and not self.now.space:
            self.take()

    def function(self, start, word):
        name = word
        if word == "func":
            name = self.take().text
        self.skips("?")
        if self.now.text == "<":
            self.skip_to([">"])
            self.take()
        self.skip_balanced()
        self.skips("throws")
        result = None
        if self.skips("->"):
            type_start = self.now.start
            self.type()
            result = (type_start, self.last_end)
        return Node(
            "function", start, self.last_end, name=name, result=result, body=self.block())

    # Statements

    def block(self):
        start = self.take("{").start
        inner = self.statements()
        self.take("}")
        return Node("block", start, self.last_end, inner=inner)

    def statements(self):
        found = []
        while self.now.text not in ("}", "case", "default"):
            found.append(self.statement())
            self.skips(";")
        return found

    def statement(self):
        start = self.now.start
        word = self.now.text
        if word == "return":
            self.take()
            value = None
            if self.now.text != "}" and not self.now.newline:
                value = self.expression()
            return Node("return", start, self.last_end, value=value)
        if word in ("let", "var"):
            self.take()
            return self.variable(start, set())
        if word == "guard":
            self.take()
            clauses = self.clauses()
            self.take("else")
            return Node("guard", start, self.last_end, clauses=clauses, body=self.block())
        if word == "for":
            return self.loop()
        if word == "while":
            self.take()
            clauses = self.clauses()
            return Node("while", start, self.last_end, clauses=clauses, body=self.block())
        if word in ("continue", "break"):
            self.take()
            return Node(word, start, self.last_end)
        return Node("evaluated", start, self.last_end, value=self.expression())

    def loop(self):
        start = self.take("for").start
        self.skip_to(["in"])
        self.take("in")
        sequence = self.expression(trailing=False)
        condition = None
        if self.skips("where"):
            condition = self.expression(trailing=False)
        return Node(
            "for", start, self.last_end, sequence=sequence, condition=condition, body=self.block())

    def clauses(self):
        """The conditions of an if or a guard."""
        found = []
        while True:
            start = self.now.start
            if self.now.text in ("let", "var", "case"):
                self.take()
                self.skip_to(["=", ",", "else", "{"])
                value = self.expression(trailing=False) if self.skips("=") else None
                found.append(Node("binding", start, self.last_end, value=value))
            else:
                value = self.expression(trailing=False)
                found.append(Node("condition", start, value.end, value=value))
            if not self.skips(","):
                return found

    def conditional(self):
        start = self.take("if").start
        clauses = self.clauses()
        body = self.block()
        other = None
        if self.skips("else"):
            other = self.conditional() if self.now.text == "if" else self.block()
        return Node("if", start, self.last_end, clauses=clauses, body=body, other=other)

    def switch(self):
        start = self.take("switch").start
        subject = self.expression(trailing=False)
        self.take("{")
        cases = []
        while not self.skips("}"):
            cases.append(self.case())
        return Node("switch", start, self.last_end, subject=subject, cases=cases)

    def case(self):
        start = self.now.start
        conditions = []
        if not self.skips("default"):
            self.take("case")
            while True:
                self.skip_to([":", ",", "where"])
                if self.skips("where"):
                    conditions.append(self.expression())
                if not self.skips(","):
                    break
        self.take(":")
        pattern = (start, self.last_end)
        return Node(
            "case", start, self.last_end, pattern=pattern, conditions=conditions,
            inner=self.statements())

    # Expressions

    def expression(self, trailing=True, lowest=0):
        left = self.prefixed(trailing)
        while True:
            sign = self.now
            if sign.kind != "sign":
                return left
            if sign.text == "..." and self.next.text == "]":
                self.take()
                return Node("range", left.start, self.last_end)
            if sign.text == "?" and sign.space:
                if lowest > 2:
                    return left
                self.take()
                yes = self.expression(trailing)
                self.take(":")
                no = self.expression(trailing, 2)
                left = Node(
                    "ternary", left.start, no.end, condition=left, yes=yes, no=no)
                continue
            level = PRECEDENCE.get(sign.text)
            # A sign without a blank before it belongs to a type or is a postfix.
            if level is None or level <= lowest or (not sign.space and sign.text not in ("...", "..<")):
                return left
            self.take()
            right = self.expression(trailing, level - (level == 1))
            left = Node(
                "binary", left.start, right.end, sign=sign, left=left, right=right)

    def prefixed(self, trailing):
        start = self.now.start
        if self.now.text in ("!", "-"):
            sign = self.take().text
            value = self.prefixed(trailing)
            return Node("not" if sign == "!" else "minus", start, value.end, value=value)
        if self.now.text == "try":
            self.take()
            self.skips("?")
            value = self.prefixed(trailing)
            return Node("try", start, value.end, value=value)
        return self.postfixed(self.primary(trailing), trailing)

    def primary(self, trailing):
        token = self.now
        if token.kind in ("string", "number"):
            self.take()
            return Node(token.kind, token.start, token.end, text=token.text)
        if token.text == "if":
            return self.conditional()
        if token.text == "switch":
            return self.switch()
        if token.kind == "word":
            self.take()
            return Node("name", token.start, token.end, text=token.text)
        if token.text == ".":
            self.take()
            name = self.take()
            return Node("implicit", token.start, name.end, name=name.text)
        if token.text == "\\":
            self.take()
            self.take(".")
            self.take()
            return Node("path", token.start, self.last_end)
        if token.text == "{":
            return self.closure()
        if token.text in ("...", "..<"):
            self.take()
            if self.now.text == "]":
                return Node("everything", token.start, token.end)
            self.expression()
            return Node("range", token.start, self.last_end)
        if token.text == "(":
            self.take()
            arguments = self.arguments(")")
            return Node("tuple", token.start, self.last_end, arguments=arguments)
        if token.text == "[":
            self.take()
            if self.skips(":"):
                self.take("]")
                return Node("array", token.start, self.last_end, items=[])
            items = [each.value for each in self.arguments("]")]
            return Node("array", token.start, self.last_end, items=items)
        self.fault("an expression")

    def arguments(self, end):
        found = []
        while not self.skips(end):
            start = self.now.start
            label = None
            if self.now.kind == "word" and self.next.text == ":":
                label = self.take().text
                self.take(":")
            value = self.expression()
            found.append(Node("argument", start, value.end, label=label, value=value))
            if not self.skips(","):
                self.take(end)
                break
        return found

    def closure(self):
        start = self.take("{").start
        mark = self.at
        # Parameters, if there is an `in` before anything that only a body may hold.
        self.parameters() or setattr(self, "at", mark)
        inner = self.statements()
        self.take("}")
        return Node("closure", start, self.last_end, inner=inner)

    def parameters(self):
        if self.now.text == "(":
            self.skip_balanced()
        else:
            while self.now.kind == "word" and self.now.text != "in":
                self.take()
                if not self.skips(","):
                    break
        if self.skips("->"):
            self.type()
        return self.skips("in")

    def postfixed(self, value, trailing):
        while True:
            token = self.now
            if token.text == "." and self.next.kind in ("word", "number"):
                self.take()
                name = self.take()
                value = Node("member", value.start, name.end, base=value, name=name.text)
            elif token.text == "?" and not token.space:
                self.take()
                value = Node("optional", value.start, token.end, base=value)
            elif token.text == "(" and not token.newline and not token.space:
                self.take()
                open_end = self.last_end
                arguments = self.arguments(")")
                value = Node(
                    "call", value.start, self.last_end, callee=value, arguments=arguments,
                    closure=None, open_end=open_end)
            elif token.text == "[" and not token.newline and not token.space:
                self.take()
                arguments = self.arguments("]")
                value = Node(
                    "subscript", value.start, self.last_end, base=value, arguments=arguments)
            elif token.text == "{" and trailing and not token.newline and value.kind in (
                    "call", "member", "name", "implicit"):
                if value.kind != "call":
                    value = Node(
                        "call", value.start, value.end, callee=value, arguments=[], closure=None,
                        open_end=None)
                value.closure = self.closure()
                value.end = self.last_end
            else:
                return value
