-- include: mod/reading/reading_int.h

-- name: reading_stamp_put(what str, stamp i64) :exec
INSERT INTO reading_stamp (what, stamp) VALUES (:what, :stamp)
    ON CONFLICT (what) DO UPDATE SET stamp = excluded.stamp;

-- name: reading_stamps() :many reading_stamp
SELECT what, stamp FROM reading_stamp;
