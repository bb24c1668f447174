//! The repetitions that Go refuses and Rust takes: one behind another, as in `a**`, and those that repeat something more than a
//! thousand times, also together where they nest.

use regex::Error;

/// How often a part of an expression may be repeated by all repetitions around it.
const MOST: u32 = 1000;

/// What was read of an expression so far.
pub(super) struct Repetitions {
    /// How often something is repeated at most in each group that is open; the outermost is the expression.
    groups: Vec<u32>,
    /// The same in what was read last.
    last: u32,
    /// Whether what was read last is a repetition.
    is_behind_one: bool,
}

impl Repetitions {
    pub(super) fn new() -> Self {
        Self { groups: vec![1], last: 1, is_behind_one: false }
    }

    /// Something that stands for itself.
    pub(super) fn atom(&mut self) {
        if let Some(group) = self.groups.last_mut() {
            *group = self.last.max(*group);
        }
        self.last = 1;
        self.is_behind_one = false;
    }

    pub(super) fn open(&mut self) {
        self.atom();
        self.groups.push(1);
    }

    pub(super) fn close(&mut self) {
        self.atom();
        self.last = self.groups.pop().unwrap_or(1);
    }

    /// `*`, `+` or `?`.
    pub(super) fn operator(&mut self) -> Result<(), Error> {
        if self.is_behind_one {
            return Err(Error::Syntax("a repetition is repeated".to_owned()));
        }
        self.is_behind_one = true;
        Ok(())
    }

    /// `{1}`, `{1,}` or `{1,2}`, by what stands between the braces.
    pub(super) fn counted(&mut self, range: &str) -> Result<(), Error> {
        self.operator()?;
        let number = |text: &str| text.parse().unwrap_or(u32::MAX);
        let (least, most) = range.split_once(',').unwrap_or((range, range));
        let least = number(least);
        let times = if most.is_empty() { least.max(1) } else { number(most) };
        self.last = self.last.saturating_mul(times);
        if least > MOST || times > MOST || self.last > MOST {
            return Err(Error::Syntax(format!("something is repeated more than {MOST} times")));
        }
        Ok(())
    }
}
