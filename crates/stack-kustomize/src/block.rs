//! Texts that stand in a field of a file: what is in them has a place in that file.

use stack_krm::yaml::{Node, Value};
use stack_source::{Locus, Span, TreePath};

/// Where the lines of a text stand in a file.
#[derive(Debug)]
pub(crate) struct Block {
    path: TreePath,
    /// The offset of each line that is not empty, in the text and in the file.
    lines: Vec<(u32, u32)>,
}

impl Block {
    /// For the text that is the value at a place in a file. Nothing where lines do not stand in the file as they are: folded ones, and
    /// such with escapes.
    pub(crate) fn new(text: &str, path: &TreePath, span: Span, file: &[u8]) -> Option<Self> {
        let (start, end) = (span.start as usize, span.end as usize);
        let written = file.get(start..end)?;
        let text = text.as_bytes();
        // The value begins with the first line that is not empty.
        let mut here = text.iter().position(|byte| *byte != b'\n')?;
        let mut there = start;
        let indent = file[..start].iter().rev().take_while(|byte| **byte != b'\n').count();
        if text[here] != b' ' {
            // Who trims the text takes away how much deeper its first line is.
            there += written.iter().take_while(|byte| **byte == b' ').count();
        }
        let content = text[here..].trim_ascii_end();
        if content.is_empty() {
            return None;
        }
        if !content.contains(&b'\n') {
            let (written, content) = (std::str::from_utf8(written).ok()?, std::str::from_utf8(content).ok()?);
            there += written.find(content)?;
            return Some(Self { path: path.clone(), lines: vec![(offset(here), offset(there))] });
        }
        let mut lines = Vec::with_capacity(text.len() / 16 + 1);
        while here < text.len() {
            let content = text[here..].split(|byte| *byte == b'\n').next()?;
            if content.is_empty() {
                there += file[there..].iter().position(|byte| *byte == b'\n')? + 1;
            } else {
                if !lines.is_empty() {
                    let is_indented = file.get(there..there + indent)?.iter().all(|byte| *byte == b' ');
                    there = is_indented.then_some(there + indent)?;
                }
                if !file.get(there..)?.starts_with(content) {
                    return None;
                }
                lines.push((offset(here), offset(there)));
                there += content.len();
                there += usize::from(file.get(there) == Some(&b'\r'));
                there += usize::from(file.get(there) == Some(&b'\n'));
            }
            here += content.len() + 1;
        }
        Some(Self { path: path.clone(), lines })
    }

    /// The place in the file of something in the text.
    pub(crate) fn at(&self, span: Span) -> Locus {
        Locus::in_file(self.path.clone(), self.moved(span, &mut 0))
    }

    /// The place in the file; `line` is the line of something near, and then of this.
    fn moved(&self, span: Span, line: &mut usize) -> Span {
        let mut moved = |at: u32| {
            let is_in = |line: usize| {
                let start = |line: usize| self.lines.get(line).map_or(u32::MAX, |(here, _)| *here);
                start(line) <= at && at < start(line + 1)
            };
            if !is_in(*line) {
                *line = self.lines.partition_point(|(here, _)| *here <= at).saturating_sub(1);
            }
            self.lines.get(*line).map_or(at, |(here, there)| there + at.saturating_sub(*here))
        };
        Span::new(moved(span.start), moved(span.end))
    }

    /// Gives a node of the text its places in the file.
    pub(crate) fn shift(&self, node: &mut Node) {
        self.shift_from(node, &mut 0);
    }

    fn shift_from(&self, node: &mut Node, line: &mut usize) {
        node.span = self.moved(node.span, line);
        match &mut node.value {
            Value::Scalar(_) => {}
            Value::Sequence(list) => list.iter_mut().for_each(|node| self.shift_from(node, line)),
            Value::Mapping(map) => {
                for entry in &mut map.entries {
                    entry.key.span = self.moved(entry.key.span, line);
                    self.shift_from(&mut entry.value, line);
                }
            }
        }
    }
}

fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use stack_krm::yaml::{Limits, Node, read};
    use stack_source::{Locus, Span, TreePath};

    use super::Block;

    /// What stands in the file where the word `here` stands in the text of its field `a`.
    fn found(file: &str) -> Option<String> {
        let root = read(file, &Limits::default()).unwrap().remove(0).root;
        let field = root.get("a").unwrap();
        let text = field.as_str().unwrap().trim();
        let path = TreePath::new("a.yaml").unwrap();
        let start = u32::try_from(text.find("here").unwrap()).unwrap();
        match Block::new(text, &path, field.span, file.as_bytes())?.at(Span::new(start, start + 4)) {
            Locus::File { span, .. } => {
                let line = file[..span.start as usize].matches('\n').count() + 1;
                Some(format!("{line} {}", span.of(file)))
            }
            _ => None,
        }
    }

    #[test]
    fn a_line_of_a_text_is_found_in_its_file() {
        for (file, expected) in [
            ("a: |\n  b: c\n  here: d\n", Some("3 here")),
            ("a: |-\n    here\n", Some("2 here")),
            ("x: y\na: |2\n\n\n   é: c\n\n     here: d\n\nb: c\n", Some("7 here")),
            ("a: |\r\n  b: c\r\n\r\n  here: d\r\n", Some("4 here")),
            ("a: '[\"é\", here]'\n", Some("1 here")),
            ("a: here\n", Some("1 here")),
            ("a: \"aéaéaé here\"\n", Some("1 here")),
            ("a: |\n  here\n\n\n  b\n", Some("2 here")),
            ("a: |\n  b\n\n\n  c here\n", Some("5 here")),
            ("a: >\n  b\n  here\n", None),
            ("a: \"b\\n\\\n  here\"\n", None),
            ("a: 'it''s here'\n", None),
        ] {
            assert_eq!(found(file).as_deref(), expected, "{file:?}");
        }
    }

    #[test]
    fn nodes_are_shifted_with_their_keys() {
        let file = "a: |\n  b: [here]\n";
        let path = TreePath::new("a.yaml").unwrap();
        let text = "b: [here]\n";
        let mut node: Node = read(text, &Limits::default()).unwrap().remove(0).root;
        Block::new(text, &path, Span::new(7, 16), file.as_bytes()).unwrap().shift(&mut node);
        let entry = node.as_mapping().unwrap().entry("b").unwrap();
        assert_eq!((entry.key.span.of(file), entry.value.span.of(file)), ("b", "[here]"));
    }
}
