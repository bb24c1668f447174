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
        let start = span.start as usize;
        let mut written = std::str::from_utf8(file.get(start..span.end as usize)?).ok()?.split_inclusive('\n');
        let mut lines: Vec<(u32, u32)> = Vec::new();
        let (mut here, mut there) = (0, start);
        for line in text.split_inclusive('\n') {
            let content = line.trim_end();
            // The value begins with the first line that is not empty.
            if !(lines.is_empty() && content.is_empty()) {
                let source = written.next()?;
                let column = if lines.is_empty() {
                    source.find(content)?
                } else {
                    let indent = source.trim_end().strip_suffix(content)?;
                    indent.bytes().all(|byte| byte == b' ').then_some(indent.len())?
                };
                if !content.is_empty() {
                    lines.push((offset(here), offset(there + column)));
                }
                there += source.len();
            }
            here += line.len();
        }
        Some(Self { path: path.clone(), lines })
    }

    /// The place in the file of something in the text.
    pub(crate) fn at(&self, span: Span) -> Locus {
        Locus::in_file(self.path.clone(), self.span(span))
    }

    fn span(&self, span: Span) -> Span {
        let moved = |at: u32| {
            let line = self.lines.partition_point(|(here, _)| *here <= at).checked_sub(1);
            line.map_or(at, |line| self.lines[line].1 + (at - self.lines[line].0))
        };
        Span::new(moved(span.start), moved(span.end))
    }

    /// Gives a node of the text its places in the file.
    pub(crate) fn shift(&self, node: &mut Node) {
        node.span = self.span(node.span);
        match &mut node.value {
            Value::Scalar(_) => {}
            Value::Sequence(list) => list.iter_mut().for_each(|node| self.shift(node)),
            Value::Mapping(map) => {
                for entry in &mut map.entries {
                    entry.key.span = self.span(entry.key.span);
                    self.shift(&mut entry.value);
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
