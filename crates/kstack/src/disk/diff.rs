use similar::TextDiff;
use stack_source::TreePath;

/// Beyond this, files are said to differ and not shown: nobody reads such a difference, and finding it takes long.
const SHOWN_BYTES: usize = 1 << 20;

/// The unified diff that leads from what the tool emits to what is there.
pub(super) fn unified(path: &TreePath, emitted: &[u8], there: &[u8]) -> String {
    let (Ok(emitted), Ok(there)) = (std::str::from_utf8(emitted), std::str::from_utf8(there)) else {
        return format!("Binary files emitted/{path} and {path} differ\n");
    };
    if emitted.len() + there.len() > SHOWN_BYTES {
        return format!("Files emitted/{path} and {path} differ\n");
    }
    let diff = TextDiff::from_lines(emitted, there);
    diff.unified_diff().context_radius(3).header(&format!("emitted/{path}"), path.as_str()).to_string()
}
