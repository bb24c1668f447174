//! The real programs that judge what kstack emits.

mod client;
mod dangling;
mod dev;
mod dev_loop;
mod differential;
mod faults;
mod invariants;
mod kustomize;
mod names;
mod node;
mod package;
mod prod;
mod renames;
mod schemas;
mod scripts;
mod skaffold;
mod stack;
mod subject;
mod tools;
mod yaml;

use std::process::ExitCode;
use std::time::Instant;

use crate::shell;
use node::Node;
use subject::Subject;

/// One judge: what its verdict is worth, and how it is asked.
struct Judge {
    name: &'static str,
    proves: &'static str,
    ask: Ask,
}

/// What a judge looks at.
enum Ask {
    Trees(fn(&[Subject]) -> Verdict),
    Repository(fn() -> Verdict),
    /// llm-stack, running on a real Kubernetes.
    Cluster(fn(&Node) -> Verdict),
}

/// What was proven, in one line; or why not.
type Verdict = Result<String, Failure>;

/// Why there is no verdict, or a bad one.
enum Failure {
    /// The program is not there; the text says how to install it.
    Missing(String),
    /// The program objects.
    Wrong(String),
}

impl From<String> for Failure {
    fn from(objection: String) -> Self {
        Self::Wrong(objection)
    }
}

const JUDGES: [Judge; 12] = [
    Judge {
        name: "kustomize",
        proves: "every kubectl from 1.30 on, and kustomize, build each overlay to the bytes of `kstack render`",
        ask: Ask::Trees(kustomize::ask),
    },
    Judge {
        name: "invariants",
        proves: "what is emitted of random stacks builds, by the real kubectl, to what the model lowers to",
        ask: Ask::Repository(invariants::ask),
    },
    Judge {
        name: "renames",
        proves: "no host, selector or name dangles after any prefix, suffix or namespace, by hand or on top",
        ask: Ask::Trees(renames::ask),
    },
    Judge {
        name: "differential",
        proves: "kustomize and our engine build random trees of kustomizations to the same bytes, or both refuse",
        ask: Ask::Repository(differential::ask),
    },
    Judge {
        name: "schemas",
        proves: "each object of each overlay is valid for Kubernetes 1.30 and the newest known, unknown fields refused",
        ask: Ask::Trees(schemas::ask),
    },
    Judge {
        name: "skaffold",
        proves: "Skaffold renders the same objects, substitutes every image, finds every context; forwards meet a port",
        ask: Ask::Trees(skaffold::ask),
    },
    Judge {
        name: "client",
        proves: "the chat client speaks as a real Open WebUI does, in a real browser",
        ask: Ask::Repository(client::ask),
    },
    Judge {
        name: "scripts",
        proves: "shell scripts do what they say, and shellcheck agrees",
        ask: Ask::Repository(scripts::ask),
    },
    Judge {
        name: "dev",
        proves: "`skaffold dev --port-forward` of llm-stack on a real Kubernetes: all of it starts, answers, follows edits",
        ask: Ask::Cluster(dev::ask),
    },
    Judge {
        name: "names",
        proves: "llm-stack starts and works under any prefix, emitted or edited by hand, and twice on one node",
        ask: Ask::Cluster(names::ask),
    },
    Judge {
        name: "faults",
        proves: "when something is absent, killed or wrong, the right one waits, recovers or complains",
        ask: Ask::Cluster(faults::ask),
    },
    Judge {
        name: "prod",
        proves: "a real API server takes every overlay as it is; prod runs as `restricted`, and rolls without a lost request",
        ask: Ask::Cluster(prod::ask),
    },
];

/// `cargo xtask judge …`
pub(crate) fn run(arguments: &[&str]) -> ExitCode {
    match arguments {
        ["install", names @ ..] => install(names),
        ["list"] => {
            for judge in &JUDGES {
                println!("{:<10} {}", judge.name, judge.proves);
            }
            ExitCode::SUCCESS
        }
        ["differential", numbers @ ..] if !numbers.is_empty() => differ(numbers),
        ["--tree", folder, names @ ..] => ask(names, &[Subject::given(folder)]),
        names => ask(names, &Subject::all()),
    }
}

/// `cargo xtask judge differential COUNT [SEED]`
fn differ(numbers: &[&str]) -> ExitCode {
    let parsed: Result<Vec<u64>, _> = numbers.iter().map(|number| number.parse()).collect();
    let Ok([trees, rest @ ..]) = parsed.as_deref() else {
        eprintln!("expected a number of trees, and perhaps the seed of the first");
        return ExitCode::from(2);
    };
    match differential::run(*trees, rest.first().copied().unwrap_or(1)) {
        Ok(proven) => {
            println!("{proven}");
            ExitCode::SUCCESS
        }
        Err(Failure::Missing(why) | Failure::Wrong(why)) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn install(names: &[&str]) -> ExitCode {
    match shell::watch(shell::command("tests/judges/install").args(names)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

fn ask(names: &[&str], subjects: &[Subject]) -> ExitCode {
    if let Some(unknown) = names.iter().find(|name| JUDGES.iter().all(|judge| judge.name != **name)) {
        let known: Vec<&str> = JUDGES.iter().map(|judge| judge.name).collect();
        eprintln!("there is no judge `{unknown}`; there are {}", known.join(", "));
        return ExitCode::from(2);
    }
    let must_be_there = !names.is_empty() || std::env::var_os("CI").is_some_and(|ci| ci == "true");
    let mut good = true;
    // One node for all judges that want one.
    let mut node = None;
    for judge in JUDGES.iter().filter(|judge| names.is_empty() || names.contains(&judge.name)) {
        let start = Instant::now();
        let verdict = match judge.ask {
            Ask::Trees(_) if subjects.is_empty() => Err(Failure::Wrong("there is no tree to judge".to_owned())),
            Ask::Trees(ask) => ask(subjects),
            Ask::Repository(ask) => ask(),
            Ask::Cluster(ask) => running(&mut node).and_then(ask),
        };
        let (sign, text) = match verdict {
            Ok(proven) => ("ok", proven),
            Err(Failure::Missing(how)) => {
                good &= !must_be_there;
                (if must_be_there { "MISSING" } else { "skipped" }, how)
            }
            Err(Failure::Wrong(objection)) => {
                good = false;
                ("WRONG", objection)
            }
        };
        println!("{:<10} {sign:<7} {:>5.1} s  {text}", judge.name, start.elapsed().as_secs_f32());
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The node, started by the first who asks.
fn running(node: &mut Option<Node>) -> Result<&Node, Failure> {
    if node.is_none() {
        *node = Some(Node::up()?);
    }
    node.as_ref().ok_or_else(|| Failure::Wrong("the node did not start".to_owned()))
}

/// `1 overlay`, `3 overlays`.
fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
