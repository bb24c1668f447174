use std::fmt::Write as _;

use stack_source::TreePath;

use super::path;
use super::sum::Sum;

/// Beyond this many bytes a journal is not one of ours.
pub(super) const MOST_BYTES: u64 = 16 << 20;

const TITLE: &str = "kstack journal 1";

/// Where the files of a journal are to be brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// To what they were.
    Old,
    /// To what they shall be.
    New,
}

impl Side {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
        }
    }
}

/// One file: the sum of what it was and of what it shall be; none where there is no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Move {
    pub(super) path: TreePath,
    pub(super) old: Option<Sum>,
    pub(super) new: Option<Sum>,
}

impl Move {
    pub(super) fn to(&self, side: Side) -> Option<&Sum> {
        match side {
            Side::Old => self.old.as_ref(),
            Side::New => self.new.as_ref(),
        }
    }
}

/// What a write is about to do, so that whoever comes next can finish or undo it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Journal {
    pub(super) to: Side,
    pub(super) moves: Vec<Move>,
}

impl Journal {
    pub(super) fn text(&self) -> String {
        let mut text = format!("{TITLE}\nto {}\n", self.to.word());
        let shown = |sum: &Option<Sum>| sum.as_ref().map_or_else(|| "-".to_owned(), Sum::to_string);
        for step in &self.moves {
            let _ = writeln!(text, "{} {} {}", shown(&step.old), shown(&step.new), step.path);
        }
        let sum = Sum::of(text.as_bytes());
        let _ = writeln!(text, "end {sum}");
        text
    }

    /// None where the text is torn, or is not what [`text`](Self::text) writes, or names a path that the tool never writes.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let body_end = text.strip_suffix('\n')?.rfind('\n')? + 1;
        let (body, end) = text.split_at(body_end);
        let sum = Sum::parse(end.trim_end().strip_prefix("end ")?)?;
        if sum != Sum::of(body.as_bytes()) {
            return None;
        }
        let mut lines = body.lines();
        if lines.next()? != TITLE {
            return None;
        }
        let to = match lines.next()? {
            "to old" => Side::Old,
            "to new" => Side::New,
            _ => return None,
        };
        let moves = lines.map(line).collect::<Option<Vec<Move>>>()?;
        Some(Self { to, moves })
    }
}

fn line(line: &str) -> Option<Move> {
    let mut words = line.splitn(3, ' ');
    let mut sum = || match words.next()? {
        "-" => Some(None),
        text => Sum::parse(text).map(Some),
    };
    let (old, new) = (sum()?, sum()?);
    let name = words.next()?;
    let path = TreePath::new(name).ok()?;
    let ours = path.as_str() == name && path::forbidden(&path).is_none();
    ours.then_some(Move { path, old, new })
}
