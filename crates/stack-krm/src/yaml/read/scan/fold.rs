/// The line breaks between two words, which become a blank where there is but one.
#[derive(Default)]
pub(super) struct Fold {
    first: Option<&'static str>,
    rest: String,
    /// Whether a line has ended, be it by an escaped break, which is none.
    is_new_line: bool,
}

impl Fold {
    pub(super) fn is_new_line(&self) -> bool {
        self.is_new_line
    }

    /// A break that leaves nothing behind.
    pub(super) fn escaped(&mut self) {
        self.is_new_line = true;
    }

    pub(super) fn push(&mut self, line_break: &str) {
        if self.is_new_line {
            self.rest.push_str(line_break);
        } else {
            self.is_new_line = true;
            self.first = Some(kept(line_break));
        }
    }

    /// Writes what is left of them.
    pub(super) fn write(&mut self, out: &mut String) {
        match self.first.take() {
            Some("\n") if self.rest.is_empty() => out.push(' '),
            Some("\n") | None => {}
            Some(first) => out.push_str(first),
        }
        out.push_str(&self.rest);
        self.rest.clear();
        self.is_new_line = false;
    }
}

/// The same break, for as long as one likes.
fn kept(line_break: &str) -> &'static str {
    match line_break {
        "\u{2028}" => "\u{2028}",
        "\u{2029}" => "\u{2029}",
        _ => "\n",
    }
}
