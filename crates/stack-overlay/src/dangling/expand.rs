/// Stands for a text that only the running cluster knows. No host name can hold it.
pub(super) const UNKNOWN: &str = "\u{fffc}";

/// Replaces `$(NAME)` as the kubelet does: `$$` is one `$`, and what has no value stays as it stands, its name going into `missing`.
pub(super) fn kubelet(text: &str, value: impl Fn(&str) -> Option<String>, missing: &mut Vec<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('(').and_then(|inner| inner.split_once(')')) {
            if let Some(value) = value(name) {
                out.push_str(&value);
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

/// Replaces `$NAME`, `${NAME}` and `${NAME:-other}` as a shell or `envsubst` does; what has no value is left to `otherwise`.
pub(super) fn shell(text: &str, value: impl Fn(&str) -> Option<String>, otherwise: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let braced = rest.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let (name, default, after) = if let Some((inner, after)) = braced {
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
        let found = value(name).or_else(|| default.map(str::to_owned));
        out.push_str(&found.unwrap_or_else(|| otherwise(&rest[..rest.len() - after.len()])));
        rest = after;
    }
    out + rest
}

/// Whether a text can name an environment variable rather than a command of the shell, as in `$(date)`.
pub(super) fn is_variable(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase() || first == '_')
        && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}
