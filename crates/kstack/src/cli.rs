//! The command line: what may be asked, and how it is explained.

use std::path::PathBuf;

use clap::builder::{OsStringValueParser, TypedValueParser as _};
use clap::{ArgAction, Args, CommandFactory as _, Parser, Subcommand, ValueEnum, ValueHint};

use crate::Surroundings;

const EXIT_CODES: &str = "\
Exit codes:
  0  all is well
  1  the input has faults or is not there, or something differs, or the system refused; nothing was written
  2  the command was not understood";

/// Describe an LLM or RAG stack once; derive all that Kubernetes, Kustomize and Skaffold need.
#[derive(Debug, Parser)]
#[command(name = "kstack", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Emit(Emit),
    Render(Render),
    Build(Build),
    Check(Check),
    Show(Show),
    New(New),
    Completions(Completions),
    /// Print the manual page
    #[command(after_help = "Examples:\n  kstack man | man -l -")]
    Man,
}

impl Command {
    /// Whether a program reads the answer.
    pub(crate) fn is_json(&self) -> bool {
        match self {
            Self::Emit(emit) => emit.json,
            Self::Check(check) => check.json,
            Self::Show(show) => show.json,
            Self::Render(_) | Self::Build(_) | Self::New(_) | Self::Completions(_) | Self::Man => false,
        }
    }
}

/// Which package is meant.
#[derive(Args, Debug)]
pub(crate) struct PackageArgument {
    /// The package: a folder with stack.yaml and overlays/ENV.yaml [default: the current directory]
    #[arg(long, short, value_name = "DIR")]
    pub(crate) package: Option<PathBuf>,
}

/// Write the tree: k8s/base, k8s/overlays/ENV, skaffold.yaml
///
/// Base and environments are always brought up to date together, so that they cannot disagree: those that are asked for, and
/// those whose tree is there already. Nothing is written while anything has a fault. A file that you have edited is not
/// overwritten: the difference is shown instead.
///
/// Where the overlay says `secrets: {local: .env.dev}` and that file is there, its keys go into k8s/local/ENV, which git
/// ignores, and Skaffold deploys them; they never reach a file that is tracked.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  kstack emit dev                    base and dev, and every environment that is there already
  kstack emit                        all that is there; all that have an overlay, if none is
  kstack emit dev --check            write nothing, say what differs (exit code 1): for CI
  kstack emit prod --out ../deploy   into another folder, say a GitOps repository
  kstack emit dev --force            overwrite files that were edited by hand")]
pub(crate) struct Emit {
    /// Environments: names of files in overlays/
    #[arg(value_name = "ENV")]
    pub(crate) environments: Vec<String>,
    #[command(flatten)]
    pub(crate) package: PackageArgument,
    /// The folder that the tree goes into [default: the package]
    #[arg(long, short, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Write nothing; say what differs
    #[arg(long)]
    pub(crate) check: bool,
    /// Overwrite and remove files that were edited by hand
    #[arg(long, conflicts_with = "check")]
    pub(crate) force: bool,
    /// Say it in JSON
    ///
    /// With `--check`: `same`, and `differences`, each with its `path`, `what` (`missing`, `superfluous`, `differs`, `inTheWay`) and
    /// `diff`. Where files are in the way of a write: `good` is false, and `inTheWay` lists their paths.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Print an environment's Kubernetes objects, as `kubectl kustomize k8s/overlays/ENV` would
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  kstack render dev                         look at it
  kstack render prod | kubectl diff -f -    what would change in the cluster
  kstack render base                        the stack without an environment")]
pub(crate) struct Render {
    /// The environment, or `base`
    #[arg(value_name = "ENV")]
    pub(crate) environment: String,
    #[command(flatten)]
    pub(crate) package: PackageArgument,
}

/// Print the objects of any kustomization on disk, as `kustomize build DIR` does
///
/// Remote resources, Helm charts and plugins that are programs are refused: nothing but files is read. Where kustomize does nothing,
/// or loses something, without a word, the output is the same and a warning says so.
#[derive(Args, Debug)]
#[command(
    args_override_self = true,
    after_help = "\
Examples:
  kstack build k8s/overlays/dev
  kstack build . | kubectl apply -f -
  kstack build overlays/prod -o prod.yaml    into one file
  kstack build overlays/prod -o out          into the folder `out`, a file for each object
  kstack build . --strict > /dev/null        for CI: a warning is an error"
)]
pub(crate) struct Build {
    /// A folder with a kustomization.yaml
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Write into a file, not to standard output; into a folder that is there, a file for each object
    // An empty one is none, as in kustomize.
    #[arg(long, short, value_name = "PATH", value_parser = OsStringValueParser::new().map(PathBuf::from), value_hint = ValueHint::AnyPath)]
    pub(crate) output: Option<PathBuf>,
    /// Make warnings errors
    #[arg(long)]
    pub(crate) strict: bool,
    /// Whether a kustomization may load files that do not lie below it
    #[arg(long, value_name = "RULE", default_value = "LoadRestrictionsRootOnly")]
    pub(crate) load_restrictor: LoadRestrictor,
    /// The order of the objects, where the kustomization has no `sortOptions` [default: legacy]
    #[arg(long, value_name = "ORDER")]
    pub(crate) reorder: Option<Reorder>,
    /// Label each object with `app.kubernetes.io/managed-by`; a kustomization says it with `buildMetadata`
    // With a value, as Go's flags have one.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", default_value_t, hide_default_value = true, hide_possible_values = true, value_name = "BOOL", action = ArgAction::Set)]
    pub(crate) enable_managedby_label: bool,
    #[command(flatten)]
    pub(crate) programs: Programs,
}

/// What kustomize has flags for and we refuse: a build runs no programs.
#[derive(Args, Debug)]
pub(crate) struct Programs {
    #[arg(long, hide = true)]
    pub(crate) enable_helm: bool,
    #[arg(long, hide = true)]
    pub(crate) enable_alpha_plugins: bool,
    #[arg(long, hide = true)]
    pub(crate) enable_exec: bool,
    #[arg(long, hide = true)]
    pub(crate) enable_star: bool,
    #[arg(long, hide = true)]
    pub(crate) network: bool,
    #[arg(long, hide = true)]
    pub(crate) network_name: Option<String>,
    #[arg(long, hide = true)]
    pub(crate) mount: Vec<String>,
    #[arg(long, short, hide = true)]
    pub(crate) env: Vec<String>,
    #[arg(long, hide = true)]
    pub(crate) as_current_user: bool,
    #[arg(long, hide = true)]
    pub(crate) helm_command: Option<String>,
    #[arg(long, hide = true)]
    pub(crate) helm_kube_version: Option<String>,
    #[arg(long, hide = true)]
    pub(crate) helm_api_versions: Vec<String>,
    #[arg(long, hide = true)]
    pub(crate) helm_debug: bool,
    #[arg(long, hide = true)]
    pub(crate) stack_trace: bool,
}

/// The order of the objects, in kustomize's words.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Reorder {
    /// By kind
    Legacy,
    /// As they are loaded
    None,
}

/// Whether a kustomization may load files from anywhere, in kustomize's words.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LoadRestrictor {
    /// Files must lie below the kustomization
    #[value(name = "LoadRestrictionsRootOnly")]
    RootOnly,
    /// Files may lie anywhere
    #[value(name = "LoadRestrictionsNone")]
    None,
}

/// Find all faults of a package, in the base and in every environment, at once
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  kstack check
  kstack check --package examples/llm-stack
  kstack check --json                        for an editor or CI
  kstack check --tree k8s/overlays/dev       hosts, names and selectors of any rendered tree")]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) package: PackageArgument,
    /// Check a tree on disk instead, ours or not: a folder with a kustomization.yaml, or with k8s/overlays. Every host,
    /// reference and selector is resolved as the cluster would
    #[arg(long, value_name = "DIR", conflicts_with = "package")]
    pub(crate) tree: Option<PathBuf>,
    /// Say it in JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Show a view of the stack: who there is, who talks to whom, what starts when, what it costs
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  kstack show waves            what starts when, and what it waits for
  kstack show matrix prod      who talks to whom, at which port, for what
  kstack show totals --json    requests, limits and storage of every environment")]
pub(crate) struct Show {
    /// The view
    pub(crate) view: View,
    /// The environment [default: base; for totals: all]
    #[arg(value_name = "ENV")]
    pub(crate) environment: Option<String>,
    #[command(flatten)]
    pub(crate) package: PackageArgument,
    /// Say it in JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum View {
    /// Services: workload, image, pods, ports
    Services,
    /// Addresses at which services answer
    Endpoints,
    /// Who talks to whom, at which port, for what
    Matrix,
    /// The order of start-up
    Waves,
    /// Requests, limits and storage
    Totals,
}

/// Make a package that emits at once: a web service, and overlays for dev and prod
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  kstack new chat && cd chat && kstack emit dev")]
pub(crate) struct New {
    /// The package's name, and the folder that is made for it
    pub(crate) name: String,
}

/// Print a completion script for a shell
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  kstack completions bash > ~/.local/share/bash-completion/completions/kstack
  kstack completions zsh > ~/.zfunc/_kstack
  kstack completions fish > ~/.config/fish/completions/kstack.fish")]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

/// The definition under the name by which a person runs it here.
pub(crate) fn command(surroundings: &Surroundings) -> clap::Command {
    let mut command = Cli::command().bin_name(&surroundings.program).max_term_width(100);
    if let Some(more) = &surroundings.more_help {
        command = command.after_help(format!("{more}\n\n{EXIT_CODES}"));
    }
    command
}
