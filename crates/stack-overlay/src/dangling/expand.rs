/// Stands for a text that only the running cluster knows. No host name can hold it.
pub(super) const UNKNOWN: &str = "\u{fffc}";

/// How many bytes the values of variables may take up in the texts of one container: variables that name each other may double with
/// each step. A text beyond that is [`UNKNOWN`], as are those after it that need more than what is left; Linux would not start it.
pub(super) const ROOM: usize = 1 << 20;

/// Replaces `$(NAME)` as the kubelet does: `$$` is one `$`, and what has no value stays as it stands, its name going into `missing`.
/// Values are taken off `room`.
pub(super) fn kubelet<'v>(
    text: &str,
    value: impl Fn(&str) -> Option<&'v str>,
    missing: &mut Vec<String>,
    room: &mut usize,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut closed = true;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some((name, after)) = enclosed(rest, '(', ')', &mut closed) {
            if let Some(value) = value(name) {
                let Some(left) = room.checked_sub(value.len()) else { return UNKNOWN.to_owned() };
                *room = left;
                out.push_str(value);
            } else {
                out.extend(["$(", name, ")"]);
                missing.push(name.to_owned());
            }
            rest = after;
        } else {
            out.push('$');
        }
    }
    out + rest
}

/// Replaces `$NAME`, `${NAME}` and `${NAME:-other}` as a shell or `envsubst` does; what has no value is left to `otherwise`. Values
/// are taken off `room`.
pub(super) fn shell<'v>(
    text: &str,
    value: impl Fn(&str) -> Option<&'v str>,
    otherwise: impl Fn(&str) -> String,
    room: &mut usize,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut closed = true;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (name, default, after) = if let Some((inner, after)) = enclosed(rest, '{', '}', &mut closed) {
            let (name, default) = inner.split_once(":-").map_or((inner, None), |(name, other)| (name, Some(other)));
            (name, default, after)
        } else {
            let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
            (&rest[..length], None, &rest[length..])
        };
        if name.is_empty() {
            out.push('$');
            continue;
        }
        if let Some(value) = value(name) {
            let Some(left) = room.checked_sub(value.len()) else { return UNKNOWN.to_owned() };
            *room = left;
            out.push_str(value);
        } else if let Some(default) = default {
            out.push_str(default);
        } else {
            out.push_str(&otherwise(&rest[..rest.len() - after.len()]));
        }
        rest = after;
    }
    out + rest
}

/// What stands between brackets at the start of a text, and what follows. `closed` remembers that no bracket closes any more: a text
/// of nothing but open ones is looked through once.
fn enclosed<'t>(text: &'t str, open: char, close: char, closed: &mut bool) -> Option<(&'t str, &'t str)> {
    let inner = text.strip_prefix(open).filter(|_| *closed)?;
    let found = inner.split_once(close);
    *closed = found.is_some();
    found
}

/// Whether a text can name an environment variable rather than a command of the shell, as in `$(date)`.
pub(super) fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::{ROOM, UNKNOWN, enclosed, kubelet, shell};

    const VALUES: [(&str, &str); 2] = [("A", "abc"), ("EMPTY", "")];

    fn value(name: &str) -> Option<&'static str> {
        VALUES.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    #[test]
    fn references_are_replaced_as_the_kubelet_does() {
        for (text, expected, unknown) in [
            ("x$(A)y$(EMPTY)", "xabcy", &[][..]),
            ("$$(A) $A $", "$(A) $A $", &[]),
            ("$(B)$(A)", "$(B)abc", &["B"]),
            ("$(A)$($(A", "abc$($(A", &[]),
            ("$(A $(A)", "$(A $(A)", &["A $(A"]),
        ] {
            let mut missing = Vec::new();
            assert_eq!(kubelet(text, value, &mut missing, &mut ROOM.clone()), expected, "{text}");
            assert_eq!(missing, unknown, "{text}");
        }
    }

    #[test]
    fn variables_are_replaced_as_a_shell_does() {
        for (text, expected) in [
            ("$A-${A}-${B:-other}-$B", "abc-abc-other-<B>"),
            ("${A}${${A", "abc${${A"),
            ("$", "$"),
            ("${EMPTY:-x}", ""),
        ] {
            assert_eq!(shell(text, value, |name| format!("<{name}>"), &mut ROOM.clone()), expected, "{text}");
        }
    }

    #[test]
    fn what_needs_more_room_than_there_is_is_unknown() {
        let mut room = 7;
        assert_eq!(kubelet("long enough $(A)$(A)", value, &mut Vec::new(), &mut room), "long enough abcabc");
        assert_eq!(room, 1);
        assert_eq!(kubelet("$(A)", value, &mut Vec::new(), &mut room), UNKNOWN);
        assert_eq!(shell("x$A", value, str::to_owned, &mut room), UNKNOWN);
        assert_eq!(shell("x$EMPTY", value, str::to_owned, &mut room), "x");
    }

    #[test]
    fn a_bracket_that_nothing_closes_is_looked_for_once() {
        let mut closed = true;
        assert_eq!(enclosed("(a)b", '(', ')', &mut closed), Some(("a", "b")));
        assert_eq!(enclosed("a)", '(', ')', &mut closed), None);
        assert!(closed);
        assert_eq!(enclosed("($($(", '(', ')', &mut closed), None);
        assert!(!closed);
        assert_eq!(enclosed("(a)b", '(', ')', &mut closed), None);
    }
}
