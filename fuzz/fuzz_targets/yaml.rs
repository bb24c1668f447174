//! What is read can be printed, and what was printed is read as the same values.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stack_krm::yaml::{Limits, PrintOptions, print, read};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(documents) = read(text, &Limits::default()) else { return };
    for document in documents {
        let mut printed = String::new();
        if print(&document.root, &PrintOptions::KUSTOMIZE, &mut printed).is_err() {
            continue;
        }
        let again = read(&printed, &Limits::default()).expect("what was printed is YAML");
        let mut twice = String::new();
        let root = again.first().map(|document| document.root.clone()).unwrap_or_default();
        print(&root, &PrintOptions::KUSTOMIZE, &mut twice).expect("what was printed can be printed");
        assert_eq!(printed, twice);
    }
});
