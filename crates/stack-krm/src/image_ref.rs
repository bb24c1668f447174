use std::fmt;
use std::str::FromStr;

/// A container image: `[registry/]repository[:tag][@digest]`, by the grammar of the distribution project's `reference` package.
///
/// What stands before the first `/` is a registry where it has a `.` or a `:` in it or is `localhost`. Digests are SHA-256.
///
/// ```
/// use stack_krm::ImageRef;
///
/// let image: ImageRef = "ghcr.io/open-webui/open-webui:v0.10.2".parse().unwrap();
/// assert_eq!(image.registry(), Some("ghcr.io"));
/// assert_eq!(image.tag(), Some("v0.10.2"));
/// assert!("Redis:latest".parse::<ImageRef>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ImageRef {
    name: String,
    tag: Option<String>,
    digest: Option<String>,
}

/// The text is not an image reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no image reference: {why}")]
pub struct InvalidImageRef {
    text: String,
    why: &'static str,
}

impl ImageRef {
    /// Registry and repository, without tag and digest.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The registry, where one is written.
    pub fn registry(&self) -> Option<&str> {
        let (first, _) = self.name.split_once('/')?;
        is_registry(first).then_some(first)
    }

    /// The tag, where one is written.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, where one is written.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// Whether it always names the same image: by a digest, or by a tag other than `latest`.
    pub fn is_exact(&self) -> bool {
        self.digest.is_some() || self.tag.as_deref().is_some_and(|tag| tag != "latest")
    }

    /// The same image under another tag; the digest goes.
    pub fn with_tag(&self, tag: &str) -> Result<Self, InvalidImageRef> {
        check_tag(tag).map_err(|why| InvalidImageRef { text: tag.to_owned(), why })?;
        Ok(Self { tag: Some(tag.to_owned()), digest: None, ..self.clone() })
    }

    /// The same image by digest; the tag goes.
    pub fn with_digest(&self, digest: &str) -> Result<Self, InvalidImageRef> {
        check_digest(digest).map_err(|why| InvalidImageRef { text: digest.to_owned(), why })?;
        Ok(Self { tag: None, digest: Some(digest.to_owned()), ..self.clone() })
    }
}

fn is_registry(first: &str) -> bool {
    first.contains(['.', ':']) || first == "localhost"
}

fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() || name.len() > 255 {
        return Err("the name has 1 to 255 characters");
    }
    let path = match name.split_once('/') {
        Some((first, path)) if is_registry(first) => {
            check_registry(first)?;
            path
        }
        _ => name,
    };
    if path.split('/').all(is_component) {
        Ok(())
    } else {
        Err(
            "its parts hold lower-case letters and digits, and between them one `.`, one or two `_`, or any number of `-`",
        )
    }
}

/// A host, and perhaps a port.
fn check_registry(registry: &str) -> Result<(), &'static str> {
    let (host, port) = match registry.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (registry, None),
    };
    let is_label = |label: &str| {
        let ends = |c: char| c.is_ascii_alphanumeric();
        label.starts_with(ends) && label.ends_with(ends) && label.chars().all(|c| ends(c) || c == '-')
    };
    let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => !address.is_empty() && address.chars().all(|c| c.is_ascii_hexdigit() || c == ':'),
        None => host.split('.').all(is_label),
    };
    if !is_host {
        return Err("its registry is a host name, or an IPv6 address in brackets");
    }
    if port.is_some_and(|port| port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit())) {
        return Err("the port of its registry is a number");
    }
    Ok(())
}

/// Letters and digits, with separators between them.
fn is_component(part: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_separator = |text: &str| matches!(text, "" | "." | "_" | "__") || text.bytes().all(|byte| byte == b'-');
    part.starts_with(is_inner) && part.ends_with(is_inner) && part.split(is_inner).all(is_separator)
}

fn check_tag(tag: &str) -> Result<(), &'static str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let starts = tag.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    if starts && tag.len() <= 128 && tag.chars().all(fits) {
        Ok(())
    } else {
        Err("a tag has 1 to 128 letters, digits, `_`, `.` and `-`, and starts with a letter, digit or `_`")
    }
}

fn check_digest(digest: &str) -> Result<(), &'static str> {
    let hex = digest.strip_prefix("sha256:").filter(|hex| hex.len() == 64);
    if hex.is_some_and(|hex| hex.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))) {
        Ok(())
    } else {
        Err("a digest is `sha256:` and 64 hexadecimal digits")
    }
}

impl FromStr for ImageRef {
    type Err = InvalidImageRef;

    fn from_str(text: &str) -> Result<Self, InvalidImageRef> {
        let refuse = |why| InvalidImageRef { text: text.chars().take(300).collect(), why };
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        let (name, tag) = match rest.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
            _ => (rest, None),
        };
        check_name(name).map_err(refuse)?;
        tag.map_or(Ok(()), check_tag).map_err(refuse)?;
        digest.map_or(Ok(()), check_digest).map_err(refuse)?;
        Ok(Self { name: name.to_owned(), tag: tag.map(str::to_owned), digest: digest.map(str::to_owned) })
    }
}

impl fmt::Display for ImageRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::ImageRef;

    #[test]
    fn references_have_the_grammar_of_distribution() {
        let right = [
            ("redis", "redis", None, None),
            ("redis:8.4.0-alpine", "redis", None, Some("8.4.0-alpine")),
            ("x/a.b_c__d-e---f/g", "x/a.b_c__d-e---f/g", None, None),
            ("a_b__c-d--e", "a_b__c-d--e", None, None),
            ("localhost/a", "localhost/a", Some("localhost"), None),
            ("localhost:5000/a:1", "localhost:5000/a", Some("localhost:5000"), Some("1")),
            ("GHCR.io/a/b:c", "GHCR.io/a/b", Some("GHCR.io"), Some("c")),
            ("10.0.0.1:5000/a", "10.0.0.1:5000/a", Some("10.0.0.1:5000"), None),
            ("[fd00::1]:5000/a:1", "[fd00::1]:5000/a", Some("[fd00::1]:5000"), Some("1")),
            ("[fd00::1]/a", "[fd00::1]/a", Some("[fd00::1]"), None),
            ("a:5000", "a", None, Some("5000")),
        ];
        for (text, name, registry, tag) in right {
            let image: ImageRef = text.parse().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!((image.name(), image.registry(), image.tag()), (name, registry, tag), "{text}");
            assert_eq!(image.to_string(), text);
        }
        let wrong = [
            "",
            "/",
            "a/",
            "/a",
            "a//b",
            "Redis",
            "a/B",
            "a..b",
            "a._b",
            "a___b",
            "a-_b",
            "-a",
            "a-",
            "a_",
            "a:",
            "a b",
            "host:/a",
            "host:x/a",
            "host:80:80/a",
            "a..b.c/d",
            "-a.b/c",
            "a-.b/c",
            "a_b.c/d",
            "[]/a",
            "[g::1]/a",
            "[::1/a",
            "a@sha256:12",
            "a:1@",
            "ä",
        ];
        for text in wrong {
            assert!(text.parse::<ImageRef>().is_err(), "`{text}` is wrong");
        }
    }

    #[test]
    fn a_refusal_says_which_part_is_wrong() {
        let said = |text: &str| text.parse::<ImageRef>().expect_err("it is wrong").to_string();
        assert!(said("host:x/a").ends_with("the port of its registry is a number"));
        assert!(said("a_b.c/d").contains("its registry is a host name"));
        assert!(said("a..b").contains("between them one `.`"));
    }
}
