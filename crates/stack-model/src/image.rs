use indexmap::IndexMap;
use stack_source::Locus;

use crate::Template;

/// An image that is built from a folder of the package; Skaffold builds it in development, CI for production.
///
/// Its name is `<stack>/<service>`, without registry and tag: an overlay adds both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Build {
    /// The build context, relative to the package.
    pub context: Option<String>,
    /// The Dockerfile, relative to the context; `Dockerfile` where none is said.
    pub dockerfile: Option<String>,
    /// The stage of the Dockerfile; the last one where none is said.
    pub target: Option<String>,
    /// Build arguments.
    pub args: IndexMap<String, Template>,
    /// Files that are copied into the running container when they change, instead of a rebuild.
    pub sync: Vec<Sync>,
    /// Where it was written.
    pub at: Locus,
}

/// Files of a build context that a running container gets when they change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sync {
    /// A glob, relative to the context: `src/**/*`.
    pub files: String,
    /// The folder in the container, absolute.
    pub to: String,
    /// What is cut from the front of a file's path before it is put there.
    pub strip: Option<String>,
    /// Where it was written.
    pub at: Locus,
}

impl From<&str> for Build {
    #[track_caller]
    fn from(context: &str) -> Self {
        Self::of(context)
    }
}

impl Build {
    /// The build of a context.
    #[track_caller]
    pub fn of(context: impl Into<String>) -> Self {
        Self { context: Some(context.into()), at: Locus::caller(), ..Self::default() }
    }

    /// Sets a build argument.
    #[must_use]
    #[track_caller]
    pub fn arg(mut self, name: impl Into<String>, value: impl Into<Template>) -> Self {
        self.args.insert(name.into(), value.into());
        self
    }

    /// Copies changed files into the running container: `.sync("src/**/*", "/app")`.
    #[must_use]
    #[track_caller]
    pub fn sync(mut self, files: impl Into<String>, to: impl Into<String>) -> Self {
        self.sync.push(Sync { files: files.into(), to: to.into(), strip: None, at: Locus::caller() });
        self
    }

    /// What an overlay says, on top of this.
    pub(crate) fn merge(&mut self, over: &Self) {
        super::merge::replace(&mut self.context, over.context.as_ref());
        super::merge::replace(&mut self.dockerfile, over.dockerfile.as_ref());
        super::merge::replace(&mut self.target, over.target.as_ref());
        super::merge::entries(&mut self.args, &over.args);
        if !over.sync.is_empty() {
            self.sync.clone_from(&over.sync);
        }
    }
}
