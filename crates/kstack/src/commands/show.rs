use crate::cli::Show;
use crate::failure::Failure;
use crate::{Console, Exit, Surroundings};

pub(super) fn run(_: &Show, _: &Surroundings, _: &mut Console<'_>) -> Result<Exit, Failure> {
    Err(Failure::Usage("soon".to_owned()))
}
