//! Whatever an author does to the shipped files: a stack comes out, or a report whose every error has a place.

use proptest::prelude::*;
use stack_source::{FileTree, Locus, Report, TreePath};

const STACK: &str = include_str!("../../../examples/llm-stack/stack.yaml");
const OVERLAYS: [&str; 3] = [
    include_str!("../../../examples/llm-stack/overlays/dev.yaml"),
    include_str!("../../../examples/llm-stack/overlays/staging.yaml"),
    include_str!("../../../examples/llm-stack/overlays/prod.yaml"),
];

/// Files that have what llm-stack has no use for.
const SYSTEMS: [&str; 4] = [
    include_str!("../../stack-model/tests/systems/onyx.yaml"),
    include_str!("../../stack-model/tests/systems/rag-backend.yaml"),
    include_str!("../../stack-model/tests/systems/bluerobin.yaml"),
    include_str!("../../stack-model/tests/twins/shop.yaml"),
];

/// One slip of an author.
#[derive(Clone, Debug)]
enum Edit {
    DropLine(usize),
    RepeatLine(usize),
    SwapLines(usize, usize),
    Indent(usize, usize),
    Outdent(usize, usize),
    ReplaceWord(usize, &'static str),
    RemoveCharacter(usize),
    InsertCharacter(usize, char),
    CutOff(usize),
}

const WORDS: [&str; 34] = [
    "",
    "~",
    "[]",
    "{}",
    "{a: b}",
    "[a, b]",
    "-1",
    "0",
    "70000",
    "99999999999999999999",
    "1e9",
    "256MB",
    "2Gi..1Gi",
    "..",
    "1..",
    "..4",
    "true",
    "none",
    "ready",
    "<secret.x>",
    "<value.minio>",
    "<value.host>",
    "<env.replicas>",
    "<value.",
    "<<",
    "<",
    "&a",
    "*a",
    "!!int x",
    "|",
    "'",
    "\"",
    "ä: ö",
    "\u{2028}",
];

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<prop::sample::Index>().prop_map(|index| index.index(1 << 20));
    let spaces = 1_usize..5;
    prop_oneof![
        at.clone().prop_map(Edit::DropLine),
        at.clone().prop_map(Edit::RepeatLine),
        (at.clone(), at.clone()).prop_map(|(a, b)| Edit::SwapLines(a, b)),
        (at.clone(), spaces.clone()).prop_map(|(line, by)| Edit::Indent(line, by)),
        (at.clone(), spaces).prop_map(|(line, by)| Edit::Outdent(line, by)),
        (at.clone(), prop::sample::select(&WORDS[..])).prop_map(|(word, by)| Edit::ReplaceWord(word, by)),
        at.clone().prop_map(Edit::RemoveCharacter),
        (
            at.clone(),
            prop::sample::select(&[':', ' ', '{', '}', '[', ']', ',', '-', '#', '\n', '\t', '<', '%', 'é'][..])
        )
            .prop_map(|(place, character)| Edit::InsertCharacter(place, character)),
        at.prop_map(Edit::CutOff),
    ]
}

fn edited(text: &str, edits: &[Edit]) -> String {
    edits.iter().fold(text.to_owned(), |text, edit| apply(&text, edit))
}

fn apply(text: &str, edit: &Edit) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let mut characters: Vec<char> = text.chars().collect();
    if lines.is_empty() {
        return String::new();
    }
    let line = |at: usize| at % text.split_inclusive('\n').count();
    let place = |at: usize| at % text.chars().count();
    match *edit {
        Edit::DropLine(at) => {
            lines.remove(line(at));
        }
        Edit::RepeatLine(at) => lines.insert(line(at), lines[line(at)].clone()),
        Edit::SwapLines(a, b) => lines.swap(line(a), line(b)),
        Edit::Indent(at, by) => lines[line(at)].insert_str(0, &" ".repeat(by)),
        Edit::Outdent(at, by) => {
            let shown = &lines[line(at)];
            let spaces = shown.len() - shown.trim_start_matches(' ').len();
            let rest = shown[by.min(spaces)..].to_owned();
            lines[line(at)] = rest;
        }
        Edit::ReplaceWord(at, by) => {
            let words: Vec<&str> = text.split_inclusive([' ', '\n', ',', '{', '}', '[', ']']).collect();
            let word = words[at % words.len()];
            let end = word.len() - word.chars().next_back().map_or(0, char::len_utf8);
            let start: usize = words[..at % words.len()].iter().map(|word| word.len()).sum();
            return [&text[..start], by, &text[start + end..]].concat();
        }
        Edit::RemoveCharacter(at) => {
            characters.remove(place(at));
            return characters.into_iter().collect();
        }
        Edit::InsertCharacter(at, character) => {
            characters.insert(place(at), character);
            return characters.into_iter().collect();
        }
        Edit::CutOff(at) => return characters[..place(at)].iter().collect(),
    }
    lines.concat()
}

/// Every error has a place in a file, and the report can be shown.
fn check(report: &Report, files: &FileTree) {
    assert!(report.has_errors());
    for diagnostic in report.iter() {
        let Locus::File { path, span } = &diagnostic.at else { panic!("no place: {diagnostic}") };
        let text = files.text(path).expect("a place in a file that is there");
        assert!(span.start <= span.end && span.end as usize <= text.len(), "{diagnostic}: {span:?}");
        assert!(text.is_char_boundary(span.start as usize) && text.is_char_boundary(span.end as usize));
    }
    assert!(!report.render(files, false).is_empty());
}

const DOCKERFILES: [&str; 5] =
    ["qdrant/Dockerfile", "litellm/Dockerfile", "r2r/Dockerfile", "openwebui/Dockerfile", "react-client/Dockerfile"];

fn package(stack: &str, overlay: &str) -> (FileTree, TreePath, TreePath) {
    let path = |text| TreePath::new(text).expect("a path of the test");
    let mut files = FileTree::new();
    files.insert(path("stack.yaml"), stack);
    files.insert(path("overlay.yaml"), overlay);
    files.insert(path("litellm/config.yaml"), "model_list: []\n");
    for dockerfile in DOCKERFILES {
        files.insert(path(dockerfile), "FROM scratch\n");
    }
    (files, path("stack.yaml"), path("overlay.yaml"))
}

proptest! {
    #[test]
    fn an_edited_stack_is_read_or_refused(edits in prop::collection::vec(edit(), 1..5)) {
        let (files, path, _) = package(&edited(STACK, &edits), "");
        match stack_model::parse(&files, &path) {
            Ok(stack) => {
                let _ = stack.check_in(&files).map(|checked| checked.lower().len());
            }
            Err(report) => check(&report, &files),
        }
    }

    #[test]
    fn an_edited_system_is_read_or_refused(
        stack in prop::sample::select(&SYSTEMS[..]),
        edits in prop::collection::vec(edit(), 1..5),
    ) {
        let (files, path, _) = package(&edited(stack, &edits), "");
        match stack_model::parse(&files, &path) {
            Ok(stack) => {
                let _ = stack.check_in(&files).map(|checked| checked.lower().len());
            }
            Err(report) => check(&report, &files),
        }
    }

    #[test]
    fn an_edited_overlay_is_read_or_refused(
        overlay in prop::sample::select(&OVERLAYS[..]),
        edits in prop::collection::vec(edit(), 1..4),
    ) {
        let (files, stack, overlay) = package(STACK, &edited(overlay, &edits));
        let stack = stack_model::parse(&files, &stack).expect("the shipped stack is right");
        let applied = stack_overlay::parse(&files, &overlay, &stack).and_then(|overlay| overlay.apply(&stack));
        match applied {
            Ok(stack) => {
                let _ = stack.check_in(&files).map(|checked| checked.lower().len());
            }
            Err(report) => check(&report, &files),
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let (files, path, _) = package(&text, "");
        if let Err(report) = stack_model::parse(&files, &path) {
            check(&report, &files);
        }
    }
}
