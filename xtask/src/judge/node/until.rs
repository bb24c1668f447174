use std::thread::sleep;
use std::time::{Duration, Instant};

/// Asks again and again until there is an answer. The error says what was waited for, and what was heard last.
pub(in crate::judge) fn until<T>(
    what: &str,
    seconds: u64,
    mut ask: impl FnMut() -> Result<Option<T>, String>,
) -> Result<T, String> {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    loop {
        let heard = match ask() {
            Ok(Some(answer)) => return Ok(answer),
            Ok(None) => String::new(),
            Err(why) => format!("; heard last: {why}"),
        };
        if Instant::now() > deadline {
            return Err(format!("{what}: not within {seconds} s{heard}"));
        }
        sleep(Duration::from_millis(500));
    }
}
