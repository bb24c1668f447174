use indexmap::IndexMap;
use stack_source::Locus;

use crate::{Relation, Template};

/// What happens in a pod before its container starts: a container of the service's image, after the waits.
///
/// It has the service's variables, volumes and edges, and edges of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InitStep {
    /// What is run.
    pub command: Vec<Template>,
    /// What says that nothing is left to do. With it, a service that may have several pods runs the step once, as a Job that the
    /// pods wait for; without it, the step runs in every pod.
    pub done: Option<Vec<Template>>,
    /// Variables of this step alone.
    pub env: IndexMap<String, Template>,
    /// Edges of this step; their variables are its own.
    pub uses: Vec<Relation>,
    /// Where it was written.
    pub at: Locus,
}

impl InitStep {
    /// A step that runs this.
    #[track_caller]
    pub fn command<T: Into<Template>>(command: impl IntoIterator<Item = T>) -> Self {
        let command = command.into_iter().map(Into::into).collect();
        Self { command, at: Locus::caller(), ..Self::default() }
    }

    /// Says which command ends well where nothing is left to do.
    #[must_use]
    #[track_caller]
    pub fn done<T: Into<Template>>(mut self, done: impl IntoIterator<Item = T>) -> Self {
        self.done = Some(done.into_iter().map(Into::into).collect());
        self
    }

    /// Sets a variable of this step.
    #[must_use]
    #[track_caller]
    pub fn env(mut self, name: &str, value: impl Into<Template>) -> Self {
        self.env.insert(name.to_owned(), value.into());
        self
    }

    /// Uses an endpoint in this step alone.
    #[must_use]
    #[track_caller]
    pub fn uses(mut self, relation: impl Into<Relation>) -> Self {
        self.uses.push(relation.into());
        self
    }
}
