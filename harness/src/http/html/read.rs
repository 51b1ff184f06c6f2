//! [`read`]: text to a [`Page`], within bounds that no page meant for people reaches.

use super::form::{Page, page};
use super::tree::Tree;
use html5ever::TokenizerResult;
use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use std::cell::Cell;

/// The deepest nesting of elements: a parser's work grows with depth times length.
const MAX_DEPTH: usize = 256;
/// The most elements, comments and pieces of text.
const MAX_NODES: usize = 200_000;
/// The longest tag or comment, in bytes: finding duplicate attributes takes the square of it.
const MAX_TAG: usize = 64 * 1024;
/// Text goes to the parser in pieces of this many bytes, and the bounds are looked at between them.
const PIECE: usize = 4 * 1024;

/// Why a text is not read as HTML, and about where: an offset in bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct HtmlError {
    pub message: String,
    pub offset: usize,
}

/// Reads a page. `Err` where it has no element at all, or goes beyond a bound; there is no other wrong HTML.
pub fn read(text: &str) -> Result<Page, HtmlError> {
    let builder = TreeBuilder::new(Tree::new(), TreeBuilderOpts::default());
    let sink = Counted { builder, tokens: Cell::new(0), tags: Cell::new(0) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let input = BufferQueue::default();
    let (mut at, mut seen, mut quiet) = (0, 0, 0);
    while at < text.len() {
        let end = piece(text, at);
        input.push_back(StrTendril::from(&text[at..end]));
        // Scripts are not run: reading goes on behind them.
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        let tokens = tokenizer.sink.tokens.get();
        quiet = if tokens == seen { quiet + end - at } else { 0 };
        seen = tokens;
        let tree = &tokenizer.sink.builder.sink;
        let exceeded = match () {
            () if tree.depth.get() > MAX_DEPTH => format!("nested deeper than {MAX_DEPTH} levels"),
            () if tree.count.get() > MAX_NODES => format!("more than {MAX_NODES} elements and texts"),
            () if quiet > MAX_TAG => format!("a tag or comment of more than {} KiB", MAX_TAG / 1024),
            () => String::new(),
        };
        if !exceeded.is_empty() {
            return Err(HtmlError { message: exceeded, offset: at });
        }
        at = end;
    }
    tokenizer.end();
    if tokenizer.sink.tags.get() == 0 {
        return Err(HtmlError { message: "there is no HTML element in it".into(), offset: 0 });
    }
    Ok(page(&tokenizer.sink.builder.sink.nodes.borrow()))
}

fn piece(text: &str, at: usize) -> usize {
    let mut end = (at + PIECE).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    end
}

/// Counts what the tokenizer gives on its way to the tree.
struct Counted {
    builder: TreeBuilder<usize, Tree>,
    tokens: Cell<usize>,
    tags: Cell<usize>,
}

impl TokenSink for Counted {
    type Handle = usize;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<usize> {
        match token {
            Token::ParseError(_) => {}
            Token::TagToken(_) => {
                self.tags.set(self.tags.get() + 1);
                self.tokens.set(self.tokens.get() + 1);
            }
            _ => self.tokens.set(self.tokens.get() + 1),
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}
