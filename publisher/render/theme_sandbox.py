"""Where a theme's templates run: they see the book, and nothing else of the machine."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath
from types import BuiltinMethodType, FunctionType, MethodType, TracebackType
from typing import Any, NoReturn

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.debug import rewrite_traceback_stack
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct

from publisher.cache import Cache, digest_of
from publisher.problem import SetupError
from publisher.provenance import provenance

# A book of ten thousand pieces takes a tenth of these; a loop without end takes any number.
ROUNDS = 10_000_000
CALL = 20  # rounds that a call is worth
LONGEST = 1_000_000
COMPILED = 200  # templates kept as compiled
# What a theme's mistake raises in Python; anything else is a mistake of ours.
_FILLING = ("center", "expandtabs", "ljust", "rjust", "zfill")
_TOO_WIDE = re.compile(r"\d{5}|\{[^{}]*\{")
_THEIRS = (
    TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class _Compiled(BytecodeCache):
    """Templates compiled before; Jinja holds each against its source.

    They are kept in this process, and where there is a cache, for those after it.
    """

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}
        self.cache: Cache | None = None

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what is kept, if anything is."""
        kept = self._kept.get(bucket.key)
        if kept is None and self.cache:
            kept = self.cache.get(self._name(bucket))
        if kept:
            self._kept[bucket.key] = kept
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        if len(self._kept) >= COMPILED:
            self._kept.clear()
        kept = self._kept[bucket.key] = bucket.bytecode_to_string()
        if self.cache:
            self.cache.put(self._name(bucket), kept)

    def _name(self, bucket: Bucket) -> str:
        # What it becomes depends on Jinja and on this sandbox, too.
        return digest_of("template", provenance(), bucket.key, bucket.checksum)


# One for all sandboxes: they differ in what they are handed, not in how they compile.
_COMPILED = _Compiled()


def keep_compiled(cache: Cache | None) -> None:
    """From now on, keep templates as compiled in this cache, too, if there is one."""
    _COMPILED.cache = cache


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment without ways out, in which every error names file and line."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, folders: tuple[tuple[str, Path], ...], open_names: frozenset[str]) -> None:
        super().__init__(
            loader=_loader(folders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=_COMPILED,
        )
        self._open_names = open_names
        self._rounds = 0
        self._judged: dict[tuple[type, str], bool] = {}
        self._open: set[tuple[type, str]] = set()
        # Whether a template has asked for anything of one object.
        self.watched: Any = None
        self.asked = False
        # These make as much text as one asks for; no book needs them.
        del self.globals["lipsum"], self.filters["center"], self.filters["format"]

    def at(self, path: Path) -> Template:
        """The template in a file that is none of `templates/`."""
        try:
            source = path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise SetupError(f"{path}: the template cannot be read: {error}") from error
        code = self.compile(source, path.name, str(path))
        return self.template_class.from_code(self, code, self.make_globals(None))

    def counted(self, items: Iterable[Any]) -> Iterator[Any]:
        """A loop's items, counted: only the sandbox can end what goes on and on."""
        for item in items:
            self._count(1)
            yield item

    def counted_one(self) -> str:
        """Counts what may call itself, which takes longer than a round."""
        self._count(CALL)
        return ""

    def _count(self, rounds: int) -> None:
        self._rounds += rounds
        if self._rounds > ROUNDS:
            raise SecurityError(f"the theme's loops go round more than {ROUNDS:,} times")

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What a template calls. A function that says nothing of itself is harmless and plain."""
        # Jinja asks each anew, six times, what it says; a long book calls a hundred thousand times.
        function = obj.__func__ if type(obj) is MethodType else obj
        if type(function) is not FunctionType or function.__dict__:
            return super().call(context, obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return obj(*args, **kwargs)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What a template asks of an object; what it may have of a kind is judged once."""
        kind = type(obj), attribute
        if kind in self._open and obj is not self.watched:
            # Not `suppress`, which takes longer than all the rest: a long book asks a million times.
            try:
                return getattr(obj, attribute)
            except AttributeError:
                pass
        value = super().getattr(obj, attribute)
        # What could hold a text's own way of being filled is looked at anew each time.
        if self._judged.get(kind) and isinstance(obj, (Struct, LoopContext)):
            self._open.add(kind)
        return value

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may have it: no files, and of the theme only what it says."""
        if obj is self.watched:
            self.asked = True
        # Judged by the kind of thing and the name alone; a long book asks a million times.
        kind = type(obj), attr
        if kind not in self._judged:
            self._judged[kind] = self._is_safe(obj, attr, value)
        return self._judged[kind]

    def _is_safe(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, PurePath):
            return False
        if isinstance(obj, str) and attr in _FILLING:
            return False
        if type(obj).__module__ == "publisher.render.theme":
            return attr in self._open_names
        if type(obj).__module__.startswith("publisher.") and not isinstance(obj, Struct):
            return False
        return bool(super().is_safe_attribute(obj, attr, value))

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """A product or power that does not fill the memory."""
        sized = next((x for x in (left, right) if isinstance(x, str | list | tuple)), None)
        if operator == "%" and isinstance(left, str):
            raise SecurityError("a text is not filled with %; use the filter format")
        if operator == "*" and sized is not None:
            count = right if sized is left else left
            if isinstance(count, int) and len(sized) * count > LONGEST:
                raise SecurityError(f"a text is repeated to more than {LONGEST:,} letters")
        if operator == "**" and (abs(left) > LONGEST or abs(right) > 64):
            raise SecurityError("a power is too large")
        return super().call_binop(context, operator, left, right)

    def wrap_str_format(self, value: Any) -> Any:
        """The method `format` of a text, where its fields are no wider than a line."""
        if not isinstance(value, MethodType | BuiltinMethodType):
            return None
        wrapped = super().wrap_str_format(value)
        if wrapped is not None and _TOO_WIDE.search(str(value.__self__)):
            raise SecurityError("a text is filled with too wide a field")
        return wrapped

    def handle_exception(self, source: str | None = None) -> NoReturn:
        """Whatever a template does wrong becomes one line with its place."""
        error = rewrite_traceback_stack(source=source)
        if not isinstance(error, _THEIRS) or isinstance(error, SyntaxError):
            raise error
        file, line = _place(error)
        said = _said(error)
        if file is None:
            # Of a template that has no file the caller knows the name.
            raise TemplateRuntimeError(f"line {line}: {said}" if line else said) from error
        raise SetupError(f"{file}:{line}: the theme's template fails: {said}") from error

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            counted = nodes.EnvironmentAttribute("counted")
            loop.iter = nodes.Call(counted, [loop.iter], [], None, None, lineno=loop.lineno)
        callers: tuple[Any, ...] = (
            tree,
            *tree.find_all((nodes.Macro, nodes.Block, nodes.For)),
        )
        for caller in callers:
            if not isinstance(caller, nodes.For) or caller.recursive:
                one = nodes.EnvironmentAttribute("counted_one")
                call = nodes.Call(one, [], [], None, None, lineno=caller.lineno)
                caller.body.insert(0, nodes.ExprStmt(call, lineno=caller.lineno))
        return tree


def _loader(folders: tuple[tuple[str, Path], ...]) -> BaseLoader:
    """Templates by name, the nearest first; `parent's-name/x` is that parent's own or inherited."""
    places = [folder / "templates" for _, folder in folders]
    named = {name: FileSystemLoader(places[index:]) for index, (name, _) in enumerate(folders)}
    return ChoiceLoader([PrefixLoader(named), FileSystemLoader(places)])


def _place(error: BaseException) -> tuple[str | None, int]:
    """The template's file, where it has one, and the line."""
    if isinstance(error, TemplateSyntaxError):
        return error.filename, error.lineno
    file, line = None, 0
    trace: TracebackType | None = error.__traceback__ or sys.exc_info()[2]
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.endswith(".j2"):
            file, line = name, trace.tb_lineno
        elif name == "<template>":
            file, line = None, trace.tb_lineno
        trace = trace.tb_next
    return file, line


def _said(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "it calls itself without end"
    if isinstance(error, TemplateNotFound):
        return f"there is no template “{error.name}” in the theme or its parents"
    said = " ".join(str(getattr(error, "message", None) or error).split())
    return said or type(error).__name__
