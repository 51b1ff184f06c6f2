//! [`shifts`]: operations that became slower or faster, by a test that does not cry wolf.
//!
//! Times are skewed and have outliers, so ranks are compared and not means: the Mann-Whitney U test (H. B. Mann and
//! D. R. Whitney, 1947; normal approximation with correction for ties and continuity), its significance levels corrected
//! for the number of operations (S. Holm, 1979). A difference that is certain may still be small: it is told when the
//! Hodges-Lehmann estimate of the shift (J. L. Hodges and E. L. Lehmann, 1963: the median of all pairwise differences) is
//! at least [`LEAST_MS`] and [`LEAST_SHARE`] of the earlier median.

use super::infer::Times;
use serde::Serialize;
use std::collections::BTreeMap;

/// Fewer times than this on either side say nothing.
pub const FEWEST: usize = 10;
/// The probability of any false alarm in a comparison where nothing changed.
const ALPHA: f64 = 0.01;
pub const LEAST_MS: f64 = 5.0;
pub const LEAST_SHARE: f64 = 0.25;
/// Pairwise differences are taken of samples of this size.
const MOST_PAIRED: usize = 400;

/// An operation whose times moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shift {
    pub api: String,
    pub operation: String,
    /// Medians, in milliseconds.
    pub old_median: f64,
    pub new_median: f64,
    /// How much longer an answer takes, in milliseconds; negative where it became faster.
    pub shift_ms: f64,
    /// Of the test, before correction.
    pub p: f64,
    /// How many times were compared.
    pub old_count: usize,
    pub new_count: usize,
}

/// The operations that became slower, the largest shift first, then those that became faster.
pub fn shifts(
    old: &BTreeMap<(String, String), Times>,
    new: &BTreeMap<(String, String), Times>,
) -> Vec<Shift> {
    let mut tested: Vec<(Shift, Vec<f64>, Vec<f64>)> = new
        .iter()
        .filter_map(|(name, after)| {
            let before = old.get(name)?;
            let (a, b) = (sorted(&before.values), sorted(&after.values));
            let shift = |a: &[f64], b: &[f64]| Shift {
                api: name.0.clone(),
                operation: name.1.clone(),
                old_median: median(a),
                new_median: median(b),
                shift_ms: 0.0,
                p: mann_whitney(a, b),
                old_count: a.len(),
                new_count: b.len(),
            };
            (a.len() >= FEWEST && b.len() >= FEWEST).then(|| (shift(&a, &b), a, b))
        })
        .collect();
    tested.sort_by(|a, b| a.0.p.total_cmp(&b.0.p));
    let count = tested.len();
    // Holm: the first that is not significant ends it.
    let certain = tested.iter().enumerate().take_while(|(i, t)| t.0.p <= ALPHA / (count - i) as f64).count();
    tested.truncate(certain);
    let estimate =
        |(shift, a, b): (Shift, Vec<f64>, Vec<f64>)| Shift { shift_ms: hodges_lehmann(&a, &b), ..shift };
    let mut tested: Vec<Shift> = tested.into_iter().map(estimate).collect();
    tested.retain(|s| s.shift_ms.abs() >= LEAST_MS && s.shift_ms.abs() >= LEAST_SHARE * s.old_median);
    tested.sort_by(|a, b| b.shift_ms.total_cmp(&a.shift_ms));
    tested
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Of sorted values.
fn median(values: &[f64]) -> f64 {
    match values.len() {
        0 => 0.0,
        n if n % 2 == 1 => values[n / 2],
        n => f64::midpoint(values[n / 2 - 1], values[n / 2]),
    }
}

/// The median of all differences `new - old`.
fn hodges_lehmann(old: &[f64], new: &[f64]) -> f64 {
    let thin = |values: &[f64]| -> Vec<f64> {
        let step = values.len().div_ceil(MOST_PAIRED).max(1);
        values.iter().skip(step / 2).step_by(step).copied().collect()
    };
    let (old, new) = (thin(old), thin(new));
    let mut differences: Vec<f64> = new.iter().flat_map(|n| old.iter().map(move |o| n - o)).collect();
    differences.sort_by(f64::total_cmp);
    median(&differences)
}

/// The two-sided p of the U test of two sorted samples.
fn mann_whitney(a: &[f64], b: &[f64]) -> f64 {
    let (n, m) = (a.len() as f64, b.len() as f64);
    let mut all: Vec<(f64, bool)> =
        a.iter().map(|v| (*v, true)).chain(b.iter().map(|v| (*v, false))).collect();
    all.sort_by(|x, y| x.0.total_cmp(&y.0));
    let (mut ranks, mut ties, mut start) = (0.0, 0.0, 0);
    while start < all.len() {
        let end = start + all[start..].iter().take_while(|(v, _)| *v == all[start].0).count();
        let tied = (end - start) as f64;
        let rank = f64::midpoint(start as f64 + 1.0, end as f64);
        ranks += rank * all[start..end].iter().filter(|(_, first)| *first).count() as f64;
        ties += tied.powi(3) - tied;
        start = end;
    }
    let u = ranks - n * (n + 1.0) / 2.0;
    let total = n + m;
    let variance = n * m / 12.0 * ((total + 1.0) - ties / (total * (total - 1.0)));
    if variance <= 0.0 {
        return 1.0;
    }
    let z = ((u - n * m / 2.0).abs() - 0.5).max(0.0) / variance.sqrt();
    erfc(z / std::f64::consts::SQRT_2)
}

/// The complementary error function, to 1.2e-7 relative (Chebyshev fit; W. H. Press et al., Numerical Recipes, 6.2).
fn erfc(x: f64) -> f64 {
    const FIT: [f64; 10] = [
        -1.265_512_23,
        1.000_023_68,
        0.374_091_96,
        0.096_784_18,
        -0.186_288_06,
        0.278_868_07,
        -1.135_203_98,
        1.488_515_87,
        -0.822_152_23,
        0.170_872_77,
    ];
    let t = 1.0 / (1.0 + 0.5 * x.abs());
    let fitted = FIT.iter().rev().fold(0.0, |sum, c| sum * t + c);
    let tail = t * (fitted - x * x).exp();
    if x >= 0.0 { tail } else { 2.0 - tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SplitMix64, as a number from 0 to 1.
    struct Random(u64);

    impl Random {
        fn next(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
        }

        /// Times as servers have them: most near 20 ms, some far out.
        fn time(&mut self) -> f64 {
            let normal: f64 = (0..12).map(|_| self.next()).sum::<f64>() - 6.0;
            let outlier = if self.next() < 0.03 { 500.0 } else { 0.0 };
            20.0 * (0.4 * normal).exp() + outlier
        }

        fn times(&mut self, n: usize, shift: f64) -> Times {
            let mut times = Times::default();
            (0..n).for_each(|_| times.add(self.time() + shift));
            times
        }
    }

    fn named(times: Vec<Times>) -> BTreeMap<(String, String), Times> {
        times.into_iter().enumerate().map(|(i, t)| (("api".to_owned(), format!("op{i}")), t)).collect()
    }

    /// Known values: R's `wilcox.test(x, y, exact = FALSE)`, and `pnorm`.
    #[test]
    fn the_test_has_known_values() {
        assert!((erfc(1.96 / std::f64::consts::SQRT_2) - 0.049_995_8).abs() < 1e-6);
        // U = 0 of 5 and 5: z = (12.5 - 0.5) / sqrt(25 * 11 / 12) = 2.5067.
        let p = mann_whitney(&[1.0, 2.0, 3.0, 4.0, 5.0], &[6.0, 7.0, 8.0, 9.0, 10.0]);
        assert!((p - 0.012_186).abs() < 1e-5, "{p}");
        assert!((mann_whitney(&[1.0; 20], &[1.0; 20]) - 1.0).abs() < 1e-9);
        assert!((hodges_lehmann(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]) - 3.0).abs() < 1e-9);
    }

    /// 300 comparisons of 20 operations in which nothing changed.
    #[test]
    fn no_wolf_is_cried() {
        let mut random = Random(1);
        let alarms = (0..300)
            .filter(|_| {
                let mut make = || named((0..20).map(|_| random.times(30, 0.0)).collect());
                !shifts(&make(), &make()).is_empty()
            })
            .count();
        assert!(alarms <= 3, "{alarms} false alarms in 300 comparisons");
    }

    /// 15 ms more than 20 are found nearly always; 1 ms more is nothing to tell, however certain.
    #[test]
    fn what_matters_is_found() {
        let mut random = Random(2);
        let mut found = |n, shift| {
            let runs = 200;
            let hits = (0..runs)
                .filter(|_| {
                    let (old, new) = (random.times(n, 0.0), random.times(n, shift));
                    !shifts(&named(vec![old]), &named(vec![new])).is_empty()
                })
                .count();
            hits * 100 / runs
        };
        assert!(found(50, 15.0) >= 95);
        assert!(found(2000, 1.0) <= 1);
        assert_eq!(found(FEWEST - 1, 500.0), 0);
    }
}
