//! Slips of the hand in a file: a character too much, one too few, a line at another place.

use super::Dice;
use super::tree::Tree;

/// What hands put where it does not belong.
const TYPED: [&str; 44] = [
    "-", "- ", ":", ": ", "?", "? ", ",", "[", "]", "{", "}", "#", " #", "&a ", "*a", "!", "!!str ", "|", ">", "|-\n",
    "'", "\"", "%", "@", "`", " ", "  ", "\n", "\n\n", "\t", "\r", "\r\n", "---\n", "...\n", "<<: ", "~", "\\", "\n ",
    "\n  ", "\u{85}", "\u{2028}", "\u{feff}", "é", "0",
];

/// Changes a character or two of one of the tree's files with objects.
pub(crate) fn slip(dice: &mut Dice, tree: &mut Tree) {
    let names: Vec<String> = tree.files.keys().filter(|name| name.contains("objects")).cloned().collect();
    let Some(name) = dice.choose(&names) else { return };
    let Some(Ok(mut text)) = tree.files.remove(name).map(String::from_utf8) else { return };
    for _ in 0..=dice.up_to(1) {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let Some(at) = dice.choose(&places).copied() else { break };
        if dice.one_in(3) {
            text.remove(at);
        } else {
            text.insert_str(at, dice.pick(&TYPED));
        }
    }
    tree.files.insert(name.clone(), text.into_bytes());
}
