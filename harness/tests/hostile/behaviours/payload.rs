//! What hostile answers carry, for tests to look for where it must not be.

/// Ends a script, an attribute, a CDATA section and a comment, and starts a script of its own. Must be in no HTML or
/// XML file as it is.
pub const MARKUP: &str =
    "</script><script>document.title='owned'</script><img src=x onerror=alert(1)>\"'>]]>-->owned";

/// Sets the terminal's title, clears it, writes its clipboard (OSC 52), starts a hyperlink (OSC 8) and a device
/// control string. No ESC of a target's may reach the terminal.
pub const ESCAPES: &str = "\x1b]0;owned\x07\x1b[2J\x1b[H\x1b]52;c;b3duZWQ=\x07\x1b]8;;http://owned.example/\x1b\\owned\x1bP$q\x1b\\";

/// The same with the C1 controls, which some terminals obey in UTF-8: CSI, OSC, ST, DCS, NEL.
pub const C1: &str = "\u{9b}2J\u{9d}0;owned\u{9c}\u{90}$q\u{9c}\u{85}owned";

/// Other controls: backspace, vertical tab, form feed, shift out, substitute, DEL, and a carriage return that writes
/// over the line.
pub const CONTROLS: &str = "\u{8}\u{8}\u{b}\u{c}\u{e}\u{1a}\u{7f}\rPASSED owned";

/// Turns the direction of text around, isolates, joins, and hides. `cilbup` reads `public`.
pub const BIDI: &str = "\u{202e}cilbup\u{2066}\u{200f}\u{200b}\u{2069}\u{61c}\u{feff}owned";

/// Not characters (XML 1.0 allows none of the first two, and HTML none).
pub const NONCHARACTERS: &str = "\u{fffe}\u{ffff}\u{fdd0}\u{1fffe}\u{10ffff}owned";

/// Lines that GitHub, Azure DevOps and TeamCity obey when they are in a job's output.
pub const CI_COMMANDS: &str =
    "\n::error::owned\n##vso[task.complete result=Succeeded;]owned\n##teamcity[testFinished name='owned']\n";

/// Line ends that are none in ASCII: they break a JSON text in JavaScript and a line of a log.
pub const LINE_ENDS: &str = "\u{2028}owned\u{2029}owned\u{85}owned";
