//! Scalars as YAML 1.1 has them, which go-yaml v2 reads: kustomize reads kustomizations and JSON 6902 patches by it.

use super::{Scalar, Style, Tag};

/// The plain texts that are booleans there and strings to go-yaml v3.
pub(super) static BOOLEANS: [&str; 16] =
    ["y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off", "OFF"];

impl Scalar {
    /// What YAML 1.1 takes it for: `yes` is a boolean, a date is text.
    ///
    /// ```
    /// use stack_krm::yaml::{Scalar, Tag};
    ///
    /// let yes = Scalar::plain("yes");
    /// assert_eq!((yes.tag, yes.tag_in_yaml_1_1(), yes.is_true_in_yaml_1_1()), (Tag::Str, Tag::Bool, true));
    /// ```
    pub fn tag_in_yaml_1_1(&self) -> Tag {
        match self.tag {
            Tag::Str if self.style == Style::Plain && BOOLEANS.contains(&self.text.as_str()) => Tag::Bool,
            Tag::Timestamp => Tag::Str,
            tag => tag,
        }
    }

    /// Whether a boolean of YAML 1.1 says yes.
    pub fn is_true_in_yaml_1_1(&self) -> bool {
        matches!(self.text.to_ascii_lowercase().as_str(), "y" | "yes" | "on" | "true")
    }
}
