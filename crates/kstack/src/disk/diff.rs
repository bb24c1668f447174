use std::borrow::Cow;

use similar::TextDiff;
use stack_source::TreePath;

/// Beyond this, files are said to differ and not shown: nobody reads such a difference, and finding it takes long.
const SHOWN_BYTES: usize = 1 << 20;

/// The unified diff that leads from what the tool emits to what is there. No value of a Secret is shown.
pub(super) fn unified(path: &TreePath, emitted: &[u8], there: &[u8]) -> String {
    let (Ok(emitted), Ok(there)) = (std::str::from_utf8(emitted), std::str::from_utf8(there)) else {
        return format!("Binary files emitted/{path} and {path} differ\n");
    };
    if emitted.len() + there.len() > SHOWN_BYTES {
        return format!("Files emitted/{path} and {path} differ\n");
    }
    let diff = TextDiff::from_lines(emitted, there);
    let (old, new) = (shown_lines(path, emitted), shown_lines(path, there));
    let mut text = String::new();
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        text.push_str(&format!("{}\n", hunk.header()));
        for change in hunk.iter_changes() {
            let line = match (change.old_index(), change.new_index()) {
                (_, Some(index)) => new.get(index),
                (Some(index), None) => old.get(index),
                (None, None) => None,
            };
            text.push_str(&format!("{}{}\n", change.tag(), line.map_or("", |line| line.as_ref())));
            if change.missing_newline() {
                text.push_str("\\ No newline at end of file\n");
            }
        }
    }
    if text.is_empty() { text } else { format!("--- emitted/{path}\n+++ {path}\n{text}") }
}

/// The lines of a file with `…` for each value of a Secret: those of an env file, and a generator's literals.
fn shown_lines<'a>(path: &TreePath, text: &'a str) -> Vec<Cow<'a, str>> {
    let is_env = path.name().is_some_and(|name| name.rsplit('.').next() == Some("env") || name.starts_with(".env"));
    let mut in_generator = false;
    // Where the key `literals` stands, inside of them.
    let mut literals: Option<usize> = None;
    let lines = text.split_inclusive('\n').map(|line| {
        let line = line.trim_end_matches('\n');
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            return Cow::Borrowed(line);
        }
        if is_env {
            return masked(line, true);
        }
        let item = content.starts_with("- ");
        let indent = line.len() - line.trim_start().len();
        if indent == 0 && !item {
            in_generator = content.starts_with("secretGenerator:");
            literals = None;
        }
        if !in_generator {
            return Cow::Borrowed(line);
        }
        let dash = if item { content.len() - content[2..].trim_start().len() } else { 0 };
        if content[dash..].starts_with("literals:") {
            literals = Some(indent + dash);
            return masked(line, false);
        }
        if literals.is_some_and(|at| indent < at || (indent == at && !item)) {
            literals = None;
        }
        masked(line, literals.is_some())
    });
    lines.collect()
}

/// A line up to its first `=`; `whole` masks one that has none, which goes on with the value above it.
fn masked(line: &str, whole: bool) -> Cow<'_, str> {
    match line.split_once('=') {
        Some((name, _)) => Cow::Owned(format!("{name}=…")),
        None if whole => Cow::Borrowed("…"),
        None => Cow::Borrowed(line),
    }
}

#[cfg(test)]
mod tests {
    use stack_source::TreePath;

    use super::unified;

    fn diff(path: &str, emitted: &str, there: &str) -> String {
        unified(&TreePath::new(path).unwrap(), emitted.as_bytes(), there.as_bytes())
    }

    #[test]
    fn values_of_secrets_are_not_shown() {
        let emitted = "secretGenerator:\n- name: api\n  literals:\n  - key=sk-old\n  - tls=\"a\n    more\"\n  type: Opaque\n\
                       configMapGenerator:\n- literals:\n  - LEVEL=info\n";
        let there = emitted.replace("sk-old", "sk-new").replace("info", "debug").replace("more", "less");
        let shown = diff("k8s/base/kustomization.yaml", emitted, &there);
        for secret in ["sk-", "more", "less"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        for plain in ["-  - key=…\n", "+  - key=…\n", "+  - LEVEL=debug", "   type: Opaque", "--- emitted/k8s/base/"]
        {
            assert!(shown.contains(plain), "{plain}: {shown}");
        }
        let flow = diff(
            "k8s/a.yaml",
            "secretGenerator:\n- literals: [key=sk-old]\n",
            "secretGenerator: [{literals: [key=sk]}]\n",
        );
        assert!(!flow.contains("sk"), "{flow}");
        let env = diff("k8s/local/dev/api.env", "key=sk-old\n", "key=sk-new\nsk-rest\n# said\n");
        assert!(!env.contains("sk-") && env.contains("+key=…\n") && env.contains("# said"), "{env}");
    }
}
