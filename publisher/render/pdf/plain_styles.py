"""What no rule says of an element is taken at once, and what nobody asks for is not worked out.

Most properties of most elements have the value of the element around them or the one that CSS
begins with. WeasyPrint finds that out by the long way that a value of some rule goes. It also makes
a style for every marker and note call that an element could have, and hardly one has any.
"""

from __future__ import annotations

from typing import Any

from weasyprint import css as cascade
from weasyprint.css.computed_values import PHYSICAL_FUNCTIONS, register_logical
from weasyprint.css.properties import INHERITED, INITIAL_NOT_COMPUTED, INITIAL_VALUES

from publisher.render.pdf.thrift import LENGTHS, check_math

_init = cascade.ComputedStyle.__init__
_init_anonymous = cascade.AnonymousStyle.__init__
_missing = cascade.ComputedStyle.__missing__
_set_computed_styles = cascade.StyleFor.set_computed_styles
_style_of = cascade.StyleFor.__call__
# Their values hang together with others, or with the values around them.
_BOUND = frozenset({"page", "position", "float", "display"})
_PLAIN = frozenset(
    name
    for name in INITIAL_VALUES
    if name not in _BOUND and not name.startswith(("__", "text_decoration_"))
)
# What a rule sets by a name that follows the writing, in either direction of it.
_SETS: dict[str, set[str]] = {}
for _name, _logical in PHYSICAL_FUNCTIONS.items():
    for _inline in ("ltr", "rtl"):
        _SETS.setdefault(_logical(block="ttb", inline=_inline), set()).add(_name)
_SETTLED = {
    name: value
    for name, value in INITIAL_VALUES.items()
    if name in _PLAIN and name not in INHERITED and name not in INITIAL_NOT_COMPUTED
}
_HANDED_DOWN = _PLAIN & INHERITED
# Their lengths are known together, as long as nobody has asked for one.
_ANONYMOUS = {name: value for name, value in _SETTLED.items() if name not in LENGTHS}


def init(style: Any, parent_style: Any, cascaded: Any, *rest: Any) -> None:
    """Begin a style with all that no rule sets and nothing hands down."""
    _init(style, parent_style, cascaded, *rest)
    style.update(_SETTLED)
    for name in cascaded:
        style.pop(name, None)
        for other in _SETS.get(name, ()):
            style.pop(other, None)


def init_anonymous(style: Any, parent_style: Any) -> None:
    """Begin the style of a box that no element stands for."""
    style.update(_ANONYMOUS)
    _init_anonymous(style, parent_style)


def missing(style: Any, key: str) -> Any:
    """The value of a property; that of one which no rule sets is the parent's."""
    if key in _HANDED_DOWN and style.parent_style is not None and key not in style.cascaded:
        value = style.parent_style[key]
        if not check_math(value):
            style[key] = value
            return value
    return _missing(style, key)


def set_computed_styles(
    style_for: Any, element: Any, parent: Any, root: Any = None, pseudo_type: Any = None,
    base_url: Any = None, target_collector: Any = None,
) -> None:  # fmt: skip
    """Make a style; that of what an element may show beside itself when it is asked for."""
    cascaded = style_for.get_cascaded_styles().get((element, pseudo_type), {})
    # What is the target of a link must be known before pages are made.
    if pseudo_type is None or not target_collector or "anchor" in cascaded:
        given = (element, parent, root, pseudo_type, base_url, target_collector)
        _set_computed_styles(style_for, *given)
        return
    put_off = style_for.__dict__.setdefault("put_off", {})
    put_off[element, pseudo_type] = (cascaded, parent, root, base_url)


def style_of(style_for: Any, element: Any, pseudo_type: Any = None) -> Any:
    """The style of an element, or of what it shows beside itself."""
    put_off = style_for.__dict__.get("put_off")
    if pseudo_type is not None and put_off:
        wanted = put_off.pop((element, pseudo_type), None)
        if wanted is not None:
            cascaded, parent, root, base_url = wanted
            styles = style_for.get_computed_styles()
            styles[element, pseudo_type] = cascade.ComputedStyle(
                styles[parent, None], cascaded, pseudo_type, styles[root, None], base_url,
                style_for.font_config, style_for.initial_page_sizes,
            )  # fmt: skip
    return _style_of(style_for, element, pseudo_type)


def mend() -> None:
    """Put all in place."""
    cascade.ComputedStyle.__init__ = init
    cascade.ComputedStyle.__missing__ = missing
    cascade.AnonymousStyle.__init__ = init_anonymous
    cascade.StyleFor.set_computed_styles = set_computed_styles
    cascade.StyleFor.__call__ = style_of


LEANED_ON = (cascade.ComputedStyle, cascade.AnonymousStyle, cascade.StyleFor, register_logical)
