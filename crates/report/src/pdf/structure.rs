//! The tagged structure of the document: what is a heading, a paragraph, a table, for readers who cannot see the page.

/// A part of the structure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(pub usize);

/// What a part is, in PDF's standard structure types (ISO 32000-1, 14.8.4).
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Role {
    /// The whole.
    Document,
    /// Heading of this level, from 1.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// A table.
    Table,
    /// Its head.
    TableHead,
    /// Its body.
    TableBody,
    /// A row.
    Row,
    /// A head cell; it heads its column.
    HeadCell,
    /// A head cell that heads its row.
    RowHeadCell,
    /// A cell.
    Cell,
    /// A cell over this many columns.
    WideCell(usize),
    /// A picture, and what it shows in words.
    Figure(String),
    /// The contents list.
    Contents,
    /// One entry of it.
    ContentsItem,
}

/// What lies in a part, in reading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kid {
    /// Another part.
    Node(NodeId),
    /// Marked content of a page, by its number on that page.
    Content { page: usize, number: usize },
}

/// One part.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// What it is.
    pub role: Role,
    /// Where it lies; `None` for the whole.
    pub parent: Option<NodeId>,
    /// What lies in it.
    pub kids: Vec<Kid>,
    /// Left, top, right, bottom of a figure in points from the upper left, once it is placed.
    pub frame: Option<[f32; 4]>,
}

/// The tree of parts.
#[derive(Debug, Clone)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// A tree with nothing but the document.
    pub fn new() -> Tree {
        Tree {
            nodes: vec![Node {
                role: Role::Document,
                parent: None,
                kids: Vec::new(),
                frame: None,
            }],
        }
    }

    /// The whole.
    pub const ROOT: NodeId = NodeId(0);

    /// Adds a part after the parts that its parent has.
    pub fn add(&mut self, parent: NodeId, role: Role) -> NodeId {
        let id = NodeId(self.nodes.len());
        self.nodes.push(Node {
            role,
            parent: Some(parent),
            kids: Vec::new(),
            frame: None,
        });
        if let Some(node) = self.nodes.get_mut(parent.0) {
            node.kids.push(Kid::Node(id));
        }
        id
    }

    /// Notes marked content of a page under a part.
    pub fn mark(&mut self, node: NodeId, page: usize, number: usize) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.kids.push(Kid::Content { page, number });
        }
    }

    /// Notes where a figure lies.
    pub fn frame(&mut self, node: NodeId, frame: [f32; 4]) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.frame = Some(frame);
        }
    }

    /// A part.
    pub fn get(&self, node: NodeId) -> Option<&Node> {
        self.nodes.get(node.0)
    }

    /// All parts, parents before their kids.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }
}

impl Role {
    /// The name of the structure type, also the tag of its marked content.
    pub fn tag(&self) -> String {
        match self {
            Role::Document => "Document".into(),
            Role::Heading(level) => format!("H{level}"),
            Role::Paragraph => "P".into(),
            Role::Table => "Table".into(),
            Role::TableHead => "THead".into(),
            Role::TableBody => "TBody".into(),
            Role::Row => "TR".into(),
            Role::HeadCell | Role::RowHeadCell => "TH".into(),
            Role::Cell | Role::WideCell(_) => "TD".into(),
            Role::Figure(_) => "Figure".into(),
            Role::Contents => "TOC".into(),
            Role::ContentsItem => "TOCI".into(),
        }
    }
}
