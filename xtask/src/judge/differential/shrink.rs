//! From a tree on which the builders differ to a small one.

use super::batch::{Answer, Batch, PANIC};
use super::ours;
use super::random::tree::Tree;
use crate::judge::Failure;

/// Takes away whatever the difference does not need: files first, then lines with all that is indented below them.
pub(super) fn smallest(mut tree: Tree, batch: &mut Batch) -> Result<Tree, Failure> {
    let Some(same) = difference(&tree, batch)? else { return Ok(tree) };
    loop {
        let before = size(&tree);
        let names: Vec<String> = tree.files.keys().cloned().collect();
        for name in &names {
            let mut less = tree.clone();
            less.files.remove(name);
            if difference(&less, batch)?.as_ref() == Some(&same) {
                tree = less;
            }
        }
        for name in names {
            let mut line = 0;
            while let Some(text) = tree.files.get(&name).and_then(|bytes| without(bytes, line)) {
                let mut less = tree.clone();
                less.files.insert(name.clone(), text);
                if difference(&less, batch)?.as_ref() == Some(&same) {
                    tree = less;
                } else {
                    line += 1;
                }
            }
        }
        if size(&tree) == before {
            return Ok(tree);
        }
    }
}

/// What the difference is, without the numbers of lines and folders, so that a smaller tree is known to have the same one.
fn difference(tree: &Tree, batch: &mut Batch) -> Result<Option<String>, Failure> {
    let (ours, theirs) = (ours(tree), batch.ask(tree)?);
    let differs = match (&ours, &theirs) {
        (Answer::Output(ours), Answer::Output(theirs)) => ours != theirs,
        (_, Answer::Error(theirs)) if theirs.starts_with(PANIC) => false,
        (Answer::Error(_), Answer::Error(_)) => false,
        _ => true,
    };
    let said = || super::difference(&ours, &theirs).replace(|char: char| char.is_ascii_digit(), "");
    Ok(differs.then(|| said().lines().take(4).collect::<Vec<_>>().join("\n")))
}

fn size(tree: &Tree) -> usize {
    tree.files.iter().map(|(name, bytes)| name.len() + bytes.len()).sum()
}

/// The text without one line and those that are indented deeper behind it; nothing where there is no such line.
fn without(bytes: &[u8], line: usize) -> Option<Vec<u8>> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let indent = |line: &[u8]| line.iter().take_while(|byte| **byte == b' ').count();
    let depth = indent(lines.get(line)?);
    let deeper = lines[line + 1..].iter().take_while(|line| indent(line) > depth).count();
    Some([&lines[..line], &lines[line + 1 + deeper..]].concat().concat())
}
