//! A person's own keys: an untracked file of `SECRET.KEY=VALUE` lines beside the package.
//!
//! No value ever reaches a message: places point into a copy of the file in which `…` stands for each of them.

use std::path::Path;

use stack_krm::{ConfigKey, DnsSubdomain};
use stack_model::{CheckedStack, PlannedSecret, SecretValues};
use stack_overlay::emit::LocalSecret;
use stack_source::{Diagnostic, FileTree, Locus, Report, Span, TreePath, proposal};

use crate::git::{self, Standing};
use crate::rule::{INVALID_LINE, TRACKED_LOCAL_SECRET, UNUSED_LOCAL_SECRET};

/// Reads the keys of an environment, where it names a file and the file is there. `shown` gets the copy without values.
pub(super) fn read(
    stack: &CheckedStack,
    overlay: &TreePath,
    shown: &mut FileTree,
    files: &FileTree,
    report: &mut Report,
) -> Vec<LocalSecret> {
    let Some(local) = &stack.stack().environment.secrets.local else { return Vec::new() };
    let path = match TreePath::new(local) {
        Ok(path) => path,
        Err(error) => {
            let at = place_of(local, overlay, files);
            report.add(Diagnostic::new(&INVALID_LINE, error.to_string()).at(at).help("name a file of the package"));
            return Vec::new();
        }
    };
    let Some(bytes) = files.get(&path) else {
        if files.has_folder(&path) {
            let message = format!("`{path}` is a folder, and own keys stand in a file");
            let at = place_of(local, overlay, files);
            report.add(Diagnostic::new(&INVALID_LINE, message).at(at).help("name a file in it"));
        }
        return Vec::new();
    };
    if let Some(line) = first_line_without_text(bytes) {
        let copy = "…\n".repeat(line);
        let end = u32::try_from(copy.trim_end().len()).unwrap_or_default();
        let at = Locus::in_file(path.clone(), Span::new(end.saturating_sub(3), end));
        let message = format!("line {line} of `{path}` is no UTF-8 text");
        report.add(Diagnostic::new(&INVALID_LINE, message).at(at).help("save the file as UTF-8"));
        shown.insert(path, copy);
        return Vec::new();
    }
    let text = String::from_utf8_lossy(bytes);
    let is_said = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    let (lines, keys) = text
        .lines()
        .filter(is_said)
        .fold((0, 0), |(lines, keys), line| (lines + 1, keys + usize::from(line.contains('='))));
    if lines > 2 && keys * 2 < lines {
        let message =
            format!("`{path}` is no file of own keys: {} of {lines} lines are no `SECRET.KEY=VALUE`", lines - keys);
        let at = Locus::in_file(path.clone(), Span::default());
        report.add(Diagnostic::new(&INVALID_LINE, message).at(at).help("write one `SECRET.KEY=VALUE` in each line"));
        shown.insert(path, "…\n");
        return Vec::new();
    }
    let mut copy = String::new();
    let mut reading = Reading { stack, path: &path, report, keys: Vec::new() };
    for line in text.trim_start_matches('\u{feff}').lines() {
        reading.line(line, &mut copy);
    }
    let keys = reading.keys;
    shown.insert(path, copy);
    keys
}

/// Where an overlay names the file; its beginning where another that it extends does.
fn place_of(local: &str, overlay: &TreePath, files: &FileTree) -> Locus {
    let text = files.text(overlay).unwrap_or_default();
    let found = text.find("local:").and_then(|key| Some(key + text[key..].find(local)?));
    let offset = |at: usize| u32::try_from(at).unwrap_or_default();
    let span = found.map_or_else(Span::default, |at| Span::new(offset(at), offset(at + local.len())));
    Locus::in_file(overlay.clone(), span)
}

/// The first line that holds a NUL or is not UTF-8, counted from one.
fn first_line_without_text(bytes: &[u8]) -> Option<usize> {
    let bad = |line: &[u8]| line.contains(&0) || std::str::from_utf8(line).is_err();
    bytes.split(|byte| *byte == b'\n').position(bad).map(|index| index + 1)
}

/// Says where git has the keys, or would take them in.
pub(super) fn tracked(stack: &CheckedStack, folder: &Path, files: &FileTree) -> Report {
    let Some(Ok(path)) = stack.stack().environment.secrets.local.as_deref().map(TreePath::new) else {
        return Report::new();
    };
    if files.get(&path).is_none() {
        return Report::new();
    }
    let (message, help) = match git::standing(folder, path.as_str()) {
        Standing::Taken => (
            format!("git would take in `{path}`, which holds own keys"),
            format!("add the line `{path}` to .gitignore"),
        ),
        Standing::Tracked => (
            format!("git tracks `{path}`, which holds own keys"),
            format!("run `git rm --cached {path}`, and add the line `{path}` to .gitignore"),
        ),
        Standing::Ignored | Standing::Unknown => return Report::new(),
    };
    let at = Locus::in_file(path, Span::default());
    Diagnostic::new(&TRACKED_LOCAL_SECRET, message).at(at).help(help).into()
}

struct Reading<'a> {
    stack: &'a CheckedStack,
    path: &'a TreePath,
    report: &'a mut Report,
    keys: Vec<LocalSecret>,
}

impl Reading<'_> {
    fn line(&mut self, line: &str, copy: &mut String) {
        let start = copy.len();
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            copy.push_str(line);
            copy.push('\n');
            return;
        }
        let indent = line.len() - line.trim_start().len();
        let (exported, content) = match content.strip_prefix("export ") {
            Some(rest) => ("export ", rest.trim_start()),
            None => ("", content),
        };
        let Some((name, value)) = content.split_once('=') else {
            // The line may be the rest of a key that was broken in two.
            copy.push_str("…\n");
            let message = "this line is no `SECRET.KEY=VALUE`".to_owned();
            self.fault(
                start,
                start + "…".len(),
                message,
                Some("a value stands in one line, in quotes if it has spaces".into()),
            );
            return;
        };
        copy.push_str(&line[..indent]);
        copy.push_str(exported);
        let start = copy.len();
        let name = name.trim_end();
        copy.push_str(name);
        let end = copy.len();
        copy.push_str("=…\n");
        match unquoted(value.trim()) {
            Ok(value) if value.is_empty() => {
                let help = "write a value, or take the line out".to_owned();
                self.fault(start, end, format!("`{name}` has no value"), Some(help));
            }
            Ok(value) => self.key(name, value, start, end),
            Err(why) => self.fault(start, end, format!("the value of `{name}` {why}"), None),
        }
    }

    fn key(&mut self, name: &str, value: String, start: usize, end: usize) {
        let secrets = self.stack.secrets();
        // Names of Secrets may hold dots, as keys may: the Secret that is there decides.
        let split =
            |secret: &PlannedSecret| name.strip_prefix(secret.name.as_str())?.strip_prefix('.').map(str::to_owned);
        let found = secrets.iter().find_map(|secret| Some((secret, split(secret)?)));
        let all = || secrets.iter().flat_map(|secret| secret.keys.keys().map(move |key| (&secret.name, key)));
        let Some((secret, key)) = found.filter(|(secret, key)| secret.keys.keys().any(|known| known.as_str() == key))
        else {
            let known: Vec<String> =
                all().map(|(secret, key): (&DnsSubdomain, &ConfigKey)| format!("{secret}.{key}")).collect();
            let help = proposal(name, known.iter().map(String::as_str));
            let message = format!("`{name}` is no key of a Secret of this stack");
            return self.report.add(
                Diagnostic::new(&stack_model::rule::UNKNOWN_SECRET, message).at(self.at(start, end)).maybe_help(help),
            );
        };
        if !matches!(secret.values, SecretValues::Literals(_)) {
            let environment = self.stack.stack().environment.name.as_ref().map_or("base", |name| name.as_str());
            let message =
                format!("`{name}` has no effect: {environment} does not make Secret `{}` itself", secret.name);
            return self
                .report
                .add(Diagnostic::new(&UNUSED_LOCAL_SECRET, message).at(self.at(start, end)).help("take the line out"));
        }
        if let Some((plan, variable)) = self.stack.broken_url(secret.name.as_str(), &key, &value) {
            // Not even the character is shown.
            let message = format!(
                "the value of `{name}` would break the URL in which it stands: variable `{variable}` of `{}`",
                plan.id
            );
            let help = "use letters, digits, `-`, `.`, `_` and `~`";
            let fault = Diagnostic::new(&stack_model::rule::UNSAFE_IN_URL, message).at(self.at(start, end)).help(help);
            return self.report.add(fault);
        }
        let own = LocalSecret { secret: secret.name.to_string(), key, value };
        match self.keys.iter_mut().find(|known| known.secret == own.secret && known.key == own.key) {
            Some(earlier) => *earlier = own, // as dotenv files are read: the last one counts
            None => self.keys.push(own),
        }
    }

    fn fault(&mut self, start: usize, end: usize, message: String, help: Option<String>) {
        self.report.add(Diagnostic::new(&INVALID_LINE, message).at(self.at(start, end)).maybe_help(help));
    }

    fn at(&self, start: usize, end: usize) -> Locus {
        let offset = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        Locus::in_file(self.path.clone(), Span::new(offset(start), offset(end)))
    }
}

/// A value as dotenv files write it: bare up to ` #`, in single quotes as it stands, in double quotes with escapes.
fn unquoted(value: &str) -> Result<String, &'static str> {
    const OPEN: &str = "is in quotes that do not end in its line";
    const MORE: &str = "goes on behind its closing quote";
    let after = |rest: &str| {
        if rest.trim_start().is_empty() || rest.trim_start().starts_with('#') { Ok(()) } else { Err(MORE) }
    };
    if let Some(rest) = value.strip_prefix('\'') {
        let (inside, rest) = rest.split_once('\'').ok_or(OPEN)?;
        after(rest)?;
        return Ok(inside.to_owned());
    }
    if let Some(rest) = value.strip_prefix('"') {
        let mut inside = String::new();
        let mut letters = rest.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '"' => return after(letters.as_str()).map(|()| inside),
                '\\' => match letters.next() {
                    Some('n') => return Err("holds a line break, which Kustomize's env files cannot carry"),
                    Some(escaped @ ('"' | '\\' | '$')) => inside.push(escaped),
                    Some(other) => inside.extend(['\\', other]),
                    None => return Err(OPEN),
                },
                letter => inside.push(letter),
            }
        }
        return Err(OPEN);
    }
    let bare = value.split_once(" #").map_or(value, |(bare, _)| bare);
    Ok(bare.trim_end().to_owned())
}
