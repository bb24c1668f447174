use std::borrow::Cow;

use super::folded::folded;
use super::resolve::{Number, number, resolve};
use super::{Node, Scalar, Style, Tag, Text, Value};

impl Scalar {
    /// What the text is when it is written without quotes: `8080` is an integer, `web` a string.
    pub fn plain(text: impl Into<Text>) -> Self {
        let text = text.into();
        let tag = if text.contains('\n') { Tag::Str } else { resolve(&text) };
        Self { text, tag, style: Style::Plain }
    }

    /// The scalar as its quotes make it: a number in quotes is a string. A scalar that was read is so already; one that was put into
    /// the quotes of another keeps its tag until it is written, as in go-yaml, which writes out a tag that the text would not give.
    #[must_use]
    pub fn settled(self) -> Self {
        let is_number = !matches!(self.tag, Tag::Str | Tag::Null | Tag::Binary);
        if self.style != Style::Plain && is_number && resolve(&self.text) == self.tag {
            return Self { tag: Tag::Str, ..self };
        }
        self
    }

    /// The same inside of brackets or braces, where go-yaml puts quotes around what is empty or has a colon, and folds nothing.
    fn settle_in_flow(&mut self) {
        if self.style == Style::Folded {
            self.style = Style::Double;
        }
        let is_quoted = match self.tag {
            Tag::Null => self.text.is_empty(),
            Tag::Timestamp => self.text.contains(':'),
            _ => false,
        };
        if is_quoted && self.style == Style::Plain {
            self.tag = Tag::Str;
            self.style = Style::Single;
        }
    }

    /// The boolean, where it is one.
    pub fn as_bool(&self) -> Option<bool> {
        (self.tag == Tag::Bool).then(|| self.text.starts_with(['t', 'T']))
    }

    /// The integer, where it is one that fits: `0644` is 420, `1_000` is 1000, `1.0` is 1.
    pub fn as_i64(&self) -> Option<i64> {
        match self.number()? {
            Number::Int(value) => Some(value),
            Number::Unsigned(_) => None,
            Number::Float(value) => integral(value),
        }
    }

    /// The integer, where it is one that fits.
    pub fn as_u64(&self) -> Option<u64> {
        match self.number()? {
            Number::Int(value) => u64::try_from(value).ok(),
            Number::Unsigned(value) => Some(value),
            Number::Float(value) => integral(value).and_then(|value| u64::try_from(value).ok()),
        }
    }

    /// The number, where it is one; infinities and NaN are.
    pub fn as_f64(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a float is what was asked for")]
        match self.number() {
            Some(Number::Int(value)) => Some(value as f64),
            Some(Number::Unsigned(value)) => Some(value as f64),
            Some(Number::Float(value)) => Some(value),
            None if self.tag != Tag::Float => None,
            None => match (self.text.to_ascii_lowercase().trim_start_matches('+'), f64::INFINITY) {
                (".inf", infinity) => Some(infinity),
                ("-.inf", infinity) => Some(-infinity),
                (".nan", _) => Some(f64::NAN),
                _ => None,
            },
        }
    }

    pub(super) fn number(&self) -> Option<Number> {
        if matches!(self.tag, Tag::Int | Tag::Float) { number(&self.text) } else { None }
    }
}

/// A float without a fraction, inside the range where floats hold every integer.
fn integral(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "it has no fraction and lies in the range")]
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
}

impl Node {
    /// Makes every scalar what it is after kustomize has printed the node with go-yaml v3 and read it again, as it does on the way
    /// to JSON: `{a: }` is an empty text then. Merges what was left under `<<`.
    pub fn settle(&mut self) {
        self.settle_inside(false);
    }

    fn settle_inside(&mut self, in_flow: bool) {
        let in_flow = in_flow || self.is_flow();
        match &mut self.value {
            Value::Sequence(nodes) => nodes.iter_mut().for_each(|node| node.settle_inside(in_flow)),
            Value::Mapping(map) => {
                map.entries.iter_mut().for_each(|entry| entry.value.settle_inside(in_flow));
                map.expand_merge();
            }
            Value::Scalar(scalar) => {
                if scalar.style != Style::Plain && scalar.tag != Tag::Str {
                    *scalar = scalar.clone().settled();
                }
                if in_flow {
                    scalar.settle_in_flow();
                } else if scalar.style == Style::Folded {
                    if let Cow::Owned(text) = folded(&scalar.text) {
                        scalar.text = text.into();
                    }
                    scalar.style = Style::Literal;
                }
            }
        }
    }

    /// The boolean, where it is one.
    pub fn as_bool(&self) -> Option<bool> {
        self.as_scalar()?.as_bool()
    }

    /// The integer, where it is one that fits; see [`Scalar::as_i64`].
    pub fn as_i64(&self) -> Option<i64> {
        self.as_scalar()?.as_i64()
    }

    /// The integer, where it is one that fits.
    pub fn as_u64(&self) -> Option<u64> {
        self.as_scalar()?.as_u64()
    }

    /// The number, where it is one.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_scalar()?.as_f64()
    }
}
