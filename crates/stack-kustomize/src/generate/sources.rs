//! Where the entries of a generated object come from.

use stack_source::{Diagnostic, Locus};

use super::Note;
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
    pub(crate) fn read(&self, place: &Place<'_>, at: &Locus, notes: &mut Vec<Note>) -> Result<Vec<Entry>> {
        let mut entries = Vec::new();
        let env = Some(self.env).filter(|env| !env.is_empty());
        for path in self.envs.iter().map(String::as_str).chain(env) {
            let (_, bytes) = place.bytes(path, at)?;
            lines(path, bytes, at, &mut entries, notes)?;
        }
        for literal in self.literals {
            match literal.split_once('=') {
                Some((key, value)) if !key.is_empty() => {
                    entries.push((key.to_owned(), unquoted(value).as_bytes().to_vec()));
                }
                _ => return refuse(format!("`{literal}` is no literal"), at, "write `KEY=VALUE`"),
            }
        }
        for file in self.files {
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

/// The entries of a file of `KEY=VALUE` lines. Values are taken as they stand, quotes included.
fn lines(path: &str, bytes: &[u8], at: &Locus, entries: &mut Vec<Entry>, notes: &mut Vec<Note>) -> Result<()> {
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let line = if number == 0 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line };
        let Ok(line) = std::str::from_utf8(line) else {
            return refuse(format!("line {} of `{path}` is not UTF-8", number + 1), at, "use `files` for binary data");
        };
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or_else(|| {
            let message = format!("line {} of `{path}` has no `=`, so `{line}` is empty", number + 1);
            notes.push(Note { message, help: "write `KEY=VALUE`".to_owned() });
            (line, "")
        });
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
