//! Builds of trees of growing size: `cargo bench -p stack-kustomize`.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot build has nothing to measure")]

use divan::Bencher;
use stack_kustomize::{BuildOptions, build};

use crate::tree::{Patches, path, tree};

mod tree;

fn main() {
    divan::main();
}

const SIZES: [usize; 4] = [99, 999, 2001, 9999];

fn run(bencher: Bencher<'_, '_>, resources: usize, patches: Patches) {
    let files = tree(resources, patches);
    let root = path("overlay");
    bencher.bench_local(|| build(&files, &root, &BuildOptions::default()).unwrap().to_yaml().unwrap());
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn no_patches(bencher: Bencher<'_, '_>, resources: usize) {
    run(bencher, resources, Patches::None);
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn a_patch_per_app(bencher: Bencher<'_, '_>, resources: usize) {
    run(bencher, resources, Patches::Named);
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn a_targeted_patch_per_app(bencher: Bencher<'_, '_>, resources: usize) {
    run(bencher, resources, Patches::Targeted);
}

#[divan::bench(args = [99_999], sample_count = 3)]
fn a_hundred_thousand(bencher: Bencher<'_, '_>, resources: usize) {
    run(bencher, resources, Patches::Named);
}
