-- Tells a process that what it knows of the goods or the customers by heart is old: written anew at every change of them.
CREATE TABLE reading_stamp (
  what TEXT PRIMARY KEY,
  stamp INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO reading_stamp (what, stamp) VALUES ('people', 0);
