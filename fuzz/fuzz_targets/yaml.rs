//! Any text is read or refused, whole and in parts; what can be printed is read as the same values again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use stack_krm::yaml::{Limits, PartReader, PrintOptions, print, read};

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let middle = text.len() / 2;
    if let Ok(mut parts) = PartReader::new(text, &Limits::default()) {
        for part in [0..middle, middle..text.len(), 0..text.len()] {
            let _ = parts.read(part);
        }
    }
    let Ok(documents) = read(text, &Limits::default()) else { return };
    for document in documents {
        let _ = print(&document.root, &PrintOptions::SOURCE, &mut String::new());
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
