use std::fmt;
use std::str::FromStr;

/// A container image: `[registry/]repository[:tag][@digest]`, by the grammar of the distribution project's `reference` package.
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
        (first.contains(['.', ':']) || first == "localhost").then_some(first)
    }

    /// The last part of the repository.
    pub fn short_name(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
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

    /// The same image under another registry and repository.
    pub fn with_name(&self, name: &str) -> Result<Self, InvalidImageRef> {
        check_name(name).map_err(|why| InvalidImageRef { text: name.to_owned(), why })?;
        Ok(Self { name: name.to_owned(), ..self.clone() })
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

fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() || name.len() > 255 {
        return Err("the name has 1 to 255 characters");
    }
    for (index, part) in name.split('/').enumerate() {
        let is_registry = index == 0 && name.contains('/') && (part.contains(['.', ':']) || part == "localhost");
        let fits = |c: char| {
            c.is_ascii_lowercase()
                || c.is_ascii_digit()
                || matches!(c, '.' | '_' | '-')
                || (is_registry && (c == ':' || c.is_ascii_uppercase()))
        };
        let end = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        if !part.chars().all(fits) || !end(part.chars().next()) || !end(part.chars().next_back()) {
            return Err("its parts hold lower-case letters, digits, and `.`, `_`, `-` between them");
        }
    }
    Ok(())
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
