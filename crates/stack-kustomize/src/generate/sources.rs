//! Where the entries of a generated object come from.

use stack_source::{Diagnostic, Locus, Span, TreePath};

use super::{Note, Where};
use crate::error::Result;
use crate::load::Place;
use crate::rules::INVALID_GENERATOR;

/// Literals, files, and files of `KEY=VALUE` lines.
pub(crate) struct Sources<'a> {
    pub(crate) literals: &'a [String],
    pub(crate) files: &'a [String],
    pub(crate) envs: &'a [String],
    pub(crate) env: &'a str,
}

type Entry = (String, Vec<u8>);

fn refuse<T>(message: String, at: &Locus, help: &str) -> Result<T> {
    Err(Diagnostic::new(&INVALID_GENERATOR, message).at(at.clone()).help(help).into())
}

impl Sources<'_> {
    pub(crate) fn read(&self, place: &Place<'_>, at: Where<'_>, notes: &mut Vec<Note>) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for (index, path) in self.envs.iter().enumerate() {
            let (file, bytes) = place.bytes(path, &at("envs", Some(index)))?;
            lines(&file, bytes, &mut entries, notes)?;
        }
        if !self.env.is_empty() {
            let (file, bytes) = place.bytes(self.env, &at("env", None))?;
            lines(&file, bytes, &mut entries, notes)?;
        }
        for (index, literal) in self.literals.iter().enumerate() {
            let at = &at("literals", Some(index));
            match literal.split_once('=') {
                Some((key, value)) if !key.is_empty() => {
                    entries.push((key.to_owned(), unquoted(value).as_bytes().to_vec()));
                }
                // What it says may be a secret.
                _ => return refuse("the literal has no key before a `=`".to_owned(), at, "write `KEY=VALUE`"),
            }
        }
        for (index, file) in self.files.iter().enumerate() {
            let at = &at("files", Some(index));
            let (key, path) = match file.split_once('=') {
                None => (file.rsplit('/').next().unwrap_or(file), file.as_str()),
                Some((key, path)) if !key.is_empty() && !path.is_empty() && !path.contains('=') => (key, path),
                Some(_) => return refuse(format!("`{file}` is no file source"), at, "write `PATH` or `KEY=PATH`"),
            };
            entries.push((key.to_owned(), place.bytes(path, at)?.1.to_vec()));
        }
        Ok(entries)
    }
}

type IsSlip = fn(&str, &str) -> bool;

/// What a shell would read otherwise than kustomize does, and the edit. What a line says may be a secret.
static SLIPS: [(IsSlip, &str, &str); 2] = [
    (
        |key, _| key.starts_with("export "),
        "kustomize takes `export ` for the beginning of the key",
        "take `export ` out: this is no script of a shell",
    ),
    (
        |_, value| {
            ['"', '\''].into_iter().any(|quote| value.len() > 1 && value.starts_with(quote) && value.ends_with(quote))
        },
        "kustomize takes the quotes around the value for a part of it",
        "take the quotes out: a value goes to the end of its line, spaces included",
    ),
];

/// How long a line is at which kustomize stops to read a file of lines, without a word.
const TOO_LONG: usize = 64 << 10;

/// The entries of a file of `KEY=VALUE` lines. Values are taken as they stand, quotes included.
fn lines(path: &TreePath, bytes: &[u8], entries: &mut Vec<Entry>, notes: &mut Vec<Note>) -> Result<()> {
    let offset = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut next = 0;
    for line in bytes.split(|byte| *byte == b'\n') {
        let start = next;
        next += line.len() + 1;
        let at = |length: usize| Locus::in_file(path.clone(), Span::new(offset(start), offset(start + length)));
        if line.len() >= TOO_LONG {
            let message = "kustomize reads no line of 64 KiB or more, nor what stands behind it".to_owned();
            notes.push(Note {
                message,
                help: "take the value from a file of its own with `files`".to_owned(),
                at: at(0),
            });
            break;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = if start == 0 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line };
        let Ok(line) = std::str::from_utf8(line) else {
            return refuse("the line is not UTF-8".to_owned(), &at(0), "use `files` for binary data");
        };
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or_else(|| {
            let message = "the line has no `=`: all of it is a key, whose value is empty".to_owned();
            notes.push(Note { message, help: "write `KEY=VALUE`".to_owned(), at: at(line.len()) });
            (line, "")
        });
        let slip = SLIPS.iter().find_map(|(is_it, message, help)| is_it(key, value).then_some((*message, *help)));
        if let Some((message, help)) = slip {
            notes.push(Note { message: message.to_owned(), help: help.to_owned(), at: at(line.len()) });
        }
        if !key.is_empty() {
            entries.push((key.to_owned(), value.as_bytes().to_vec()));
        }
    }
    Ok(())
}

/// Takes one pair of equal quotes away.
fn unquoted(value: &str) -> &str {
    let inner = |quote| value.strip_prefix(quote)?.strip_suffix(quote);
    match value.len() {
        0 | 1 => value,
        _ => inner('"').or_else(|| inner('\'')).unwrap_or(value),
    }
}

#[cfg(test)]
mod tests {
    use stack_source::TreePath;

    use super::{TOO_LONG, lines};

    #[test]
    fn nothing_is_read_from_a_line_that_is_too_long_on() {
        let path = TreePath::new("a.env").unwrap();
        let line = |length: usize| format!("b={}\n", "x".repeat(length - 2));
        for (length, expected) in [(TOO_LONG - 1, vec!["a", "b", "c"]), (TOO_LONG, vec!["a"])] {
            let (mut entries, mut notes) = (Vec::new(), Vec::new());
            let text = format!("a=1\n{}c=2\n", line(length));
            lines(&path, text.as_bytes(), &mut entries, &mut notes).unwrap();
            let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
            assert_eq!(keys, expected, "{length}");
            assert_eq!(notes.len(), usize::from(length == TOO_LONG), "{length}");
        }
    }
}
