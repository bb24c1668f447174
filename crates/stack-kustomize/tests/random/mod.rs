//! Random trees of kustomizations: all fields, folders in folders, odd YAML. Equal seeds make equal trees.

mod copies;
mod fields;
mod objects;
mod patches;
mod plugins;
mod scalars;
pub(crate) mod tree;
pub(crate) mod yaml;

pub(crate) use tree::tree;

/// Chance, from a seed.
pub(crate) struct Dice(fastrand::Rng);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.0.usize(..count) == 0
    }

    pub(crate) fn up_to(&mut self, most: usize) -> usize {
        self.0.usize(..=most)
    }

    pub(crate) fn between(&mut self, least: usize, most: usize) -> usize {
        self.0.usize(least..=most)
    }

    pub(crate) fn choose<'v, T>(&mut self, values: &'v [T]) -> Option<&'v T> {
        self.0.choice(values)
    }

    pub(crate) fn pick(&mut self, values: &[&'static str]) -> &'static str {
        self.choose(values).copied().unwrap_or_default()
    }
}
