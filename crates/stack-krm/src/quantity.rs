use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul};
use std::str::FromStr;

/// An amount of CPU, memory or storage, as Kubernetes writes it: `250m`, `1.5`, `512Mi`, `20Gi`.
///
/// Kept as thousandths, so `500m` and `0.5` are equal and sums are exact. It prints in its canonical form, with the largest
/// binary unit that divides it, else the largest decimal one, else `m`.
///
/// ```
/// use stack_krm::Quantity;
///
/// let parse = |text: &str| text.parse::<Quantity>().unwrap();
/// assert_eq!(parse("0.5"), parse("500m"));
/// assert_eq!(parse("1024Mi").to_string(), "1Gi");
/// assert_eq!((parse("1Gi") + parse("512Mi")).to_string(), "1536Mi");
/// assert!("256MB".parse::<Quantity>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity {
    thousandths: i128,
}

/// The text is not a quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no quantity: {why}")]
pub struct InvalidQuantity {
    text: String,
    why: &'static str,
}

/// Kubernetes' units and what they multiply by, in thousandths. Source: `k8s.io/apimachinery/pkg/api/resource/suffix.go`.
const UNITS: [(&str, i128); 14] = [
    ("Ei", 1000 << 60),
    ("Pi", 1000 << 50),
    ("Ti", 1000 << 40),
    ("Gi", 1000 << 30),
    ("Mi", 1000 << 20),
    ("Ki", 1000 << 10),
    ("E", 1_000_000_000_000_000_000_000),
    ("P", 1_000_000_000_000_000_000),
    ("T", 1_000_000_000_000_000),
    ("G", 1_000_000_000_000),
    ("M", 1_000_000_000),
    ("k", 1_000_000),
    ("", 1000),
    ("m", 1),
];

/// Eight exbibytes: what Kubernetes can hold.
const LARGEST: i128 = 1000 << 63;

impl Quantity {
    /// A thousandth part each: `Quantity::milli(250)` is `250m`.
    pub const fn milli(thousandths: u32) -> Self {
        Self { thousandths: thousandths as i128 }
    }

    /// Whole units: bytes, or CPUs.
    pub const fn whole(units: u64) -> Self {
        Self { thousandths: units as i128 * 1000 }
    }

    /// Mebibytes: `Quantity::mi(512)` is `512Mi`.
    pub const fn mi(mebibytes: u32) -> Self {
        Self { thousandths: (mebibytes as i128 * 1000) << 20 }
    }

    /// Gibibytes: `Quantity::gi(20)` is `20Gi`.
    pub const fn gi(gibibytes: u32) -> Self {
        Self { thousandths: (gibibytes as i128 * 1000) << 30 }
    }

    /// The amount in thousandths.
    pub fn thousandths(self) -> i128 {
        self.thousandths
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.thousandths == 0
    }
}

impl FromStr for Quantity {
    type Err = InvalidQuantity;

    fn from_str(text: &str) -> Result<Self, InvalidQuantity> {
        let refuse = |why| InvalidQuantity { text: text.chars().take(64).collect(), why };
        let digits_end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(digits_end);
        let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(|| {
            refuse("a number and one of the units `m`, `k`, `M`, `G`, `T`, `P`, `E`, `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei` is asked for")
        })?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let too_large = || refuse("it is too large");
        if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
            return Err(refuse("it has no number"));
        }
        if whole.len() > 20 || fraction.len() > 12 {
            return Err(too_large());
        }
        let digits = |part: &str| if part.is_empty() { Ok(0) } else { part.parse::<i128>().map_err(|_| too_large()) };
        let scale = 10_i128.pow(u32::try_from(fraction.len()).unwrap_or(0));
        let amount = digits(whole)?.checked_mul(scale).and_then(|whole| whole.checked_add(digits(fraction).ok()?));
        let scaled = amount.and_then(|amount| amount.checked_mul(*factor)).ok_or_else(too_large)?;
        if scaled % scale != 0 && scaled / scale == 0 {
            return Err(refuse("less than a thousandth cannot be counted"));
        }
        let thousandths = scaled / scale + i128::from(scaled % scale != 0);
        if thousandths > LARGEST { Err(too_large()) } else { Ok(Self { thousandths }) }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let divides = |factor: i128| self.thousandths != 0 && self.thousandths % factor == 0;
        let (unit, factor) = UNITS.iter().find(|(_, factor)| divides(*factor)).copied().unwrap_or(("", 1000));
        write!(f, "{}{unit}", self.thousandths / factor)
    }
}

impl Add for Quantity {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { thousandths: self.thousandths.saturating_add(other.thousandths) }
    }
}

impl Mul<u32> for Quantity {
    type Output = Self;

    fn mul(self, times: u32) -> Self {
        Self { thousandths: self.thousandths.saturating_mul(i128::from(times)) }
    }
}

impl Sum for Quantity {
    fn sum<I: Iterator<Item = Self>>(quantities: I) -> Self {
        quantities.fold(Self::default(), Add::add)
    }
}
