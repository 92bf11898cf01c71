CREATE TABLE "account" ("id" text primary key, "name" text not null unique, "display_name" text not null, "roles" text not null, "password_hash" text not null, "state" text not null check (state in ('active', 'closed')), "failed_attempts" integer default 0 not null, "locked_until" text, "created_at" text not null, "must_change" integer default 0 not null) strict;

CREATE TABLE "study" ("id" text primary key, "title" text not null unique, "template" text not null, "state" text not null check (state in ('draft', 'open', 'sealed', 'adjudicating', 'closed')), "scale" text not null, "readers_per_scan" integer not null, "order_seed" text not null, "pseudonym_key" text not null, "created_by" text not null references "account" ("id"), "created_at" text not null, "unblinded_at" text, "readers_see_afterwards" integer default 0 not null, "design" text default '{}' not null, "votes_encrypted" integer default 0 not null) strict;

CREATE TABLE "study_reader" ("study_id" text not null references "study" ("id"), "account_id" text not null references "account" ("id"), "letter" text not null, constraint "study_reader_pk" primary key ("study_id", "account_id"), constraint "study_reader_letter" unique ("study_id", "letter")) strict;

CREATE TABLE "patient" ("id" text primary key, "study_id" text not null references "study" ("id"), "pseudonym" text not null, "source_digest" text not null, constraint "patient_source" unique ("study_id", "source_digest"), constraint "patient_pseudonym" unique ("study_id", "pseudonym")) strict;

CREATE TABLE "scan" ("id" text primary key, "study_id" text not null references "study" ("id"), "patient_id" text not null references "patient" ("id"), "pseudonym" text not null, "site" text not null, "side" text not null, "purpose" text not null check (purpose in ('reading', 'unread')), "format" text not null, "dims" text not null, "spacing" text, "unit" text not null, "warnings" text not null, "content_sha256" text not null, "imported_by" text not null references "account" ("id"), "imported_at" text not null, constraint "scan_content" unique ("study_id", "content_sha256"), constraint "scan_pseudonym" unique ("study_id", "pseudonym")) strict;

CREATE TABLE "assignment" ("id" text primary key, "study_id" text not null references "study" ("id"), "scan_id" text not null references "scan" ("id"), "account_id" text not null references "account" ("id"), "round" integer not null, "kind" text not null check (kind in ('primary', 'repeat', 'calibration', 'hidden')), "position" integer not null, "voted" integer default 0 not null, "place" integer, "code" text, "follows" text references "assignment" ("id"), constraint "assignment_once" unique ("account_id", "scan_id", "round", "kind"), constraint "assignment_place" unique ("study_id", "account_id", "position")) strict;

CREATE INDEX "assignment_queue" on "assignment" ("study_id", "account_id", "voted", "position");

CREATE TABLE "adjudication" ("id" text primary key, "study_id" text not null references "study" ("id"), "scan_id" text not null references "scan" ("id"), "grade" integer not null, "reason" text not null, "account_id" text not null references "account" ("id"), "at" text not null, "cause" text default 'other' not null) strict;

CREATE INDEX "adjudication_scan" on "adjudication" ("study_id", "scan_id");

CREATE TABLE "label_set" ("id" text primary key, "study_id" text not null references "study" ("id"), "name" text not null, "rule" text not null, "digest" text not null, "unresolved" integer not null, "created_by" text not null references "account" ("id"), "created_at" text not null, "em_iterations" integer, "em_converged" integer, constraint "label_set_name" unique ("study_id", "name")) strict;

CREATE TABLE "training_run" ("id" text primary key, "study_id" text not null references "study" ("id"), "label_set_id" text not null references "label_set" ("id"), "recipe" text not null, "folds" text not null, "state" text not null check (state in ('running', 'paused', 'interrupted', 'cancelled', 'failed', 'done')), "best_epoch" integer, "device" text, "versions" text, "figures" text, "error" text, "started_by" text not null references "account" ("id"), "started_at" text not null, "seconds" real default 0 not null, "based_on" text references "training_run" ("id"), "workstation" text, "interrupted_at" text) strict;

CREATE TABLE "epoch" ("run_id" text not null references "training_run" ("id"), "epoch" integer not null, "loss" real not null, "accuracy" real not null, "validation_loss" real, "validation_accuracy" real, "seconds" real not null, constraint "epoch_pk" primary key ("run_id", "epoch")) strict;

CREATE TABLE "job" ("id" text primary key, "kind" text not null, "study_id" text references "study" ("id"), "account_id" text not null references "account" ("id"), "state" text not null, "done" real not null, "total" real not null, "detail" text not null, "error" text, "started_at" text not null, "ended_at" text, "workstation" text) strict;

CREATE TABLE "audit" ("sequence" integer primary key, "at" text not null, "account_id" text, "act" text not null, "subject" text not null, "row_digest" text not null, "previous" text not null, "digest" text not null) strict;

CREATE TRIGGER adjudication_no_update before update on "adjudication"
        begin select raise(abort, 'rows of adjudication are never changed or removed'); end;

CREATE TRIGGER adjudication_no_delete before delete on "adjudication"
        begin select raise(abort, 'rows of adjudication are never changed or removed'); end;

CREATE TRIGGER label_set_no_update before update on "label_set"
        begin select raise(abort, 'rows of label_set are never changed or removed'); end;

CREATE TRIGGER label_set_no_delete before delete on "label_set"
        begin select raise(abort, 'rows of label_set are never changed or removed'); end;

CREATE TRIGGER audit_no_update before update on "audit"
        begin select raise(abort, 'rows of audit are never changed or removed'); end;

CREATE TRIGGER audit_no_delete before delete on "audit"
        begin select raise(abort, 'rows of audit are never changed or removed'); end;

CREATE TABLE "motion_estimate" ("scan_id" text primary key references "scan" ("id"), "qme_ncc" real, "qme_ssd" real, "reason" text, "centre" real not null, "centre_by" text not null, "format" text not null, "computed_at" text not null, constraint "motion_estimate_why" check ((qme_ncc is not null and qme_ssd is not null) or reason is not null)) strict;

CREATE TRIGGER motion_estimate_no_update before update on "motion_estimate"
        begin select raise(abort, 'rows of motion_estimate are never changed or removed'); end;

CREATE TRIGGER motion_estimate_no_delete before delete on "motion_estimate"
        begin select raise(abort, 'rows of motion_estimate are never changed or removed'); end;

CREATE INDEX "assignment_scan" on "assignment" ("study_id", "scan_id");

CREATE INDEX "scan_purpose" on "scan" ("study_id", "purpose");

CREATE TABLE "report_note" ("id" text primary key, "study_id" text not null references "study" ("id"), "item" text not null, "text" text not null, "account_id" text not null references "account" ("id"), "at" text not null) strict;

CREATE TRIGGER report_note_no_update before update on "report_note"
        begin select raise(abort, 'rows of report_note are never changed or removed'); end;

CREATE TRIGGER report_note_no_delete before delete on "report_note"
        begin select raise(abort, 'rows of report_note are never changed or removed'); end;

CREATE TABLE "scan_day" ("scan_id" text primary key references "scan" ("id"), "day" text not null) strict;

CREATE TABLE "training_series" ("id" text primary key, "study_id" text not null references "study" ("id"), "label_set_id" text not null references "label_set" ("id"), "plan" text not null, "state" text not null check (state in ('running', 'interrupted', 'cancelled', 'failed', 'done')), "error" text, "started_by" text not null references "account" ("id"), "started_at" text not null, "workstation" text, "interrupted_at" text) strict;

CREATE TABLE "training_series_run" ("run_id" text primary key references "training_run" ("id"), "series_id" text not null references "training_series" ("id"), "step" text not null, constraint "training_series_step" unique ("series_id", "step")) strict;

CREATE TABLE "model" ("id" text primary key, "study_id" text not null references "study" ("id"), "run_id" text references "training_run" ("id"), "name" text not null, "sha256" text not null, "parameters" integer not null, "origin" text not null check (origin in ('run', 'import', 'ensemble')), "created_at" text not null, constraint "model_of_run" check ((origin = 'run') = (run_id is not null))) strict;

CREATE TABLE "prediction" ("model_id" text not null references "model" ("id"), "scan_id" text not null references "scan" ("id"), "grade" integer not null, "expected_grade" real not null, "uncertainty" real not null, "rule" text not null check (rule in ('mean', 'majority')), "tie" integer not null, "slice_disagreement" real, "member_disagreement" real, "probabilities" text not null, "slices" text not null, "members" text, "at" text not null, constraint "prediction_of" primary key ("model_id", "scan_id")) strict;

CREATE TABLE "model_member" ("ensemble_id" text not null references "model" ("id"), "model_id" text not null references "model" ("id"), "place" integer not null, constraint "model_member_pk" primary key ("ensemble_id", "model_id")) strict;

CREATE TABLE "held_out" ("model_id" text not null references "model" ("id"), "scan_id" text not null references "scan" ("id"), "part" text not null check (part in ('validation', 'test')), "grade" integer not null, "probabilities" text not null, constraint "held_out_pk" primary key ("model_id", "scan_id")) strict;

CREATE TABLE "model_retired" ("model_id" text primary key references "model" ("id"), "reason" text not null, "account_id" text not null references "account" ("id"), "at" text not null) strict;

CREATE TABLE "reading_again" ("id" text primary key, "study_id" text not null references "study" ("id"), "model_id" text not null references "model" ("id"), "first_round" integer not null, "account_id" text not null references "account" ("id"), "at" text not null) strict;

CREATE TRIGGER model_no_update before update on "model"
        begin select raise(abort, 'rows of model are never changed or removed'); end;

CREATE TRIGGER model_no_delete before delete on "model"
        begin select raise(abort, 'rows of model are never changed or removed'); end;

CREATE TRIGGER model_member_no_update before update on "model_member"
        begin select raise(abort, 'rows of model_member are never changed or removed'); end;

CREATE TRIGGER model_member_no_delete before delete on "model_member"
        begin select raise(abort, 'rows of model_member are never changed or removed'); end;

CREATE TRIGGER held_out_no_update before update on "held_out"
        begin select raise(abort, 'rows of held_out are never changed or removed'); end;

CREATE TRIGGER held_out_no_delete before delete on "held_out"
        begin select raise(abort, 'rows of held_out are never changed or removed'); end;

CREATE TRIGGER model_retired_no_update before update on "model_retired"
        begin select raise(abort, 'rows of model_retired are never changed or removed'); end;

CREATE TRIGGER model_retired_no_delete before delete on "model_retired"
        begin select raise(abort, 'rows of model_retired are never changed or removed'); end;

CREATE TRIGGER reading_again_no_update before update on "reading_again"
        begin select raise(abort, 'rows of reading_again are never changed or removed'); end;

CREATE TRIGGER reading_again_no_delete before delete on "reading_again"
        begin select raise(abort, 'rows of reading_again are never changed or removed'); end;

CREATE TABLE "known_case" ("id" text primary key, "study_id" text not null references "study" ("id"), "scan_id" text not null references "scan" ("id"), "use" text not null check ("use" in ('exemplar', 'calibration', 'hidden')), "grade" integer not null, "why" text, "motion_mm" real, "origin" text not null check (origin in ('phantom', 'settled', 'named')), "added_by" text not null references "account" ("id"), "added_at" text not null, constraint "known_case_once" unique ("study_id", "scan_id")) strict;

CREATE TABLE "reading_place" ("account_id" text not null references "account" ("id"), "study_id" text not null references "study" ("id"), "assignment_id" text not null references "assignment" ("id"), "place" text not null, "at" text not null, constraint "reading_place_pk" primary key ("account_id", "study_id")) strict;

CREATE TABLE "account_setting" ("account_id" text not null references "account" ("id"), "name" text not null, "value" text not null, constraint "account_setting_pk" primary key ("account_id", "name")) strict;

CREATE TABLE "scan_reference" ("id" text primary key, "study_id" text not null references "study" ("id"), "scan_id" text not null references "scan" ("id"), "grade" integer not null, "account_id" text not null references "account" ("id"), "at" text not null) strict;

CREATE INDEX "scan_reference_study" on "scan_reference" ("study_id");

CREATE TRIGGER scan_reference_no_update before update on "scan_reference"
        begin select raise(abort, 'rows of scan_reference are never changed or removed'); end;

CREATE TRIGGER scan_reference_no_delete before delete on "scan_reference"
        begin select raise(abort, 'rows of scan_reference are never changed or removed'); end;

CREATE TABLE "roi_placement" ("id" text primary key, "study_id" text not null references "study" ("id"), "scan_id" text not null references "scan" ("id"), "assignment_id" text references "assignment" ("id"), "account_id" text not null references "account" ("id"), "revision" integer not null, "x" real not null, "y" real not null, "edge_mm" real not null, "rotation" real not null, "spacing" real not null, "spacing_from" text not null check (spacing_from in ('file', 'assumed')), "inverted" integer not null, "placed_at" text not null) strict;

CREATE UNIQUE INDEX roi_revision on roi_placement
    (study_id, coalesce(assignment_id, scan_id), revision);

CREATE INDEX "roi_scan" on "roi_placement" ("study_id", "scan_id");

CREATE TRIGGER roi_placement_no_update before update on "roi_placement"
        begin select raise(abort, 'rows of roi_placement are never changed or removed'); end;

CREATE TRIGGER roi_placement_no_delete before delete on "roi_placement"
        begin select raise(abort, 'rows of roi_placement are never changed or removed'); end;

CREATE TABLE "pacs" ("id" text primary key, "name" text not null, "url" text not null, "auth" text not null, "ca" text, "plain" integer not null, "created_by" text not null references "account" ("id"), "created_at" text not null, "removed_at" text) strict;

CREATE TABLE "scan_origin" ("scan_id" text primary key references "scan" ("id"), "study_digest" text not null, "series_digest" text not null) strict;

CREATE INDEX "scan_origin_series" on "scan_origin" ("series_digest");

CREATE TRIGGER scan_origin_no_update before update on "scan_origin"
        begin select raise(abort, 'rows of scan_origin are never changed or removed'); end;

CREATE TRIGGER scan_origin_no_delete before delete on "scan_origin"
        begin select raise(abort, 'rows of scan_origin are never changed or removed'); end;

CREATE TABLE "report_sent" ("id" text primary key, "label_set_id" text not null references "label_set" ("id"), "scan_id" text not null references "scan" ("id"), "pacs_id" text not null references "pacs" ("id"), "kind" text not null, "account_id" text not null references "account" ("id"), "sent_at" text not null, constraint "report_sent_once" unique ("label_set_id", "scan_id", "pacs_id", "kind")) strict;

CREATE TRIGGER report_sent_no_update before update on "report_sent"
        begin select raise(abort, 'rows of report_sent are never changed or removed'); end;

CREATE TRIGGER report_sent_no_delete before delete on "report_sent"
        begin select raise(abort, 'rows of report_sent are never changed or removed'); end;

CREATE INDEX "scan_patient" on "scan" ("patient_id");

CREATE INDEX "assignment_counts" on "assignment" ("study_id", "account_id", "follows", "kind", "voted");

CREATE TABLE "account_key" ("id" text primary key, "account_id" text not null references "account" ("id"), "public_key" text not null, "signing_key" text not null, "made_at" text not null) strict;

CREATE INDEX "account_key_of" on "account_key" ("account_id");

CREATE TABLE "account_key_lock" ("key_id" text primary key references "account_key" ("id"), "derivation" text not null, "salt" text not null, "box" text not null) strict;

CREATE TABLE "study_key" ("id" text primary key, "study_id" text not null references "study" ("id"), "generation" integer not null, "public_key" text not null, "made_at" text not null, constraint "study_key_generation" unique ("study_id", "generation")) strict;

CREATE TABLE "study_key_share" ("study_key_id" text not null references "study_key" ("id"), "account_key_id" text not null references "account_key" ("id"), "box" text not null, "at" text not null, constraint "study_key_share_pk" primary key ("study_key_id", "account_key_id")) strict;

CREATE TABLE "study_recovery" ("study_key_id" text primary key references "study_key" ("id"), "public_key" text not null, "box" text not null, "seed_box" text not null, "kept_at" text, "kept_by" text references "account" ("id")) strict;

CREATE TABLE "study_key_opened" ("study_key_id" text primary key references "study_key" ("id"), "private_key" text not null, "account_id" text not null references "account" ("id"), "at" text not null) strict;

CREATE TABLE "reader_key" ("id" text primary key, "study_key_id" text not null references "study_key" ("id"), "account_id" text not null references "account" ("id"), "box" text not null, "at" text not null) strict;

CREATE INDEX "reader_key_of" on "reader_key" ("study_key_id", "account_id");

CREATE TABLE "reader_key_share" ("reader_key_id" text not null references "reader_key" ("id"), "account_key_id" text not null references "account_key" ("id"), "box" text not null, "at" text not null, constraint "reader_key_share_pk" primary key ("reader_key_id", "account_key_id")) strict;

CREATE TABLE "vote" ("id" text primary key, "assignment_id" text not null references "assignment" ("id"), "revision" integer not null, "kind" text not null check (kind in ('cast', 'withdrawn')), "grade" integer, "reason" text, "note" text, "worst_slice" integer, "shown_at" text, "cast_at" text not null, "salt" text not null, "confidence" integer, "stack_grades" text, "looked_ms" integer, "request" text, "reader_key_id" text references "reader_key" ("id"), "sealed" text, "cast_revision" integer, constraint "vote_revision_once" unique ("assignment_id", "revision"), constraint "vote_says" check (kind = 'withdrawn' or sealed is not null or (grade is null) <> (reason is null)), constraint "vote_sealed_alone" check ((sealed is null) = (reader_key_id is null) and (sealed is null or (grade is null and reason is null and
        note is null and worst_slice is null and confidence is null and stack_grades is null)))) strict;

CREATE UNIQUE INDEX "vote_request" on "vote" ("request");

CREATE TRIGGER vote_no_update before update on "vote"
        begin select raise(abort, 'rows of vote are never changed or removed'); end;

CREATE TRIGGER vote_no_delete before delete on "vote"
        begin select raise(abort, 'rows of vote are never changed or removed'); end;

CREATE TRIGGER account_key_no_update before update on "account_key"
        begin select raise(abort, 'rows of account_key are never changed or removed'); end;

CREATE TRIGGER account_key_no_delete before delete on "account_key"
        begin select raise(abort, 'rows of account_key are never changed or removed'); end;

CREATE TRIGGER study_key_no_update before update on "study_key"
        begin select raise(abort, 'rows of study_key are never changed or removed'); end;

CREATE TRIGGER study_key_no_delete before delete on "study_key"
        begin select raise(abort, 'rows of study_key are never changed or removed'); end;

CREATE TRIGGER study_key_share_no_update before update on "study_key_share"
        begin select raise(abort, 'rows of study_key_share are never changed or removed'); end;

CREATE TRIGGER study_key_share_no_delete before delete on "study_key_share"
        begin select raise(abort, 'rows of study_key_share are never changed or removed'); end;

CREATE TRIGGER study_key_opened_no_update before update on "study_key_opened"
        begin select raise(abort, 'rows of study_key_opened are never changed or removed'); end;

CREATE TRIGGER study_key_opened_no_delete before delete on "study_key_opened"
        begin select raise(abort, 'rows of study_key_opened are never changed or removed'); end;

CREATE TRIGGER reader_key_no_update before update on "reader_key"
        begin select raise(abort, 'rows of reader_key are never changed or removed'); end;

CREATE TRIGGER reader_key_no_delete before delete on "reader_key"
        begin select raise(abort, 'rows of reader_key are never changed or removed'); end;

CREATE TRIGGER reader_key_share_no_update before update on "reader_key_share"
        begin select raise(abort, 'rows of reader_key_share are never changed or removed'); end;

CREATE TRIGGER reader_key_share_no_delete before delete on "reader_key_share"
        begin select raise(abort, 'rows of reader_key_share are never changed or removed'); end;

CREATE TABLE "packet" ("digest" text primary key, "act" text not null, "study_id" text not null references "study" ("id"), "account_id" text not null references "account" ("id"), "signing_key" text not null, "at" text not null, "done_by" text references "account" ("id"), "votes" integer, "made_at" text, "first_round" integer) strict;

CREATE INDEX "packet_study" on "packet" ("study_id", "act");

CREATE TRIGGER packet_no_update before update on "packet"
        begin select raise(abort, 'rows of packet are never changed or removed'); end;

CREATE TRIGGER packet_no_delete before delete on "packet"
        begin select raise(abort, 'rows of packet are never changed or removed'); end;

CREATE INDEX "audit_subject" on "audit" ("subject");

CREATE TABLE "workstation" ("id" text primary key, "seen" real not null) strict;

CREATE TABLE "label" ("label_set_id" text not null, "scan_id" text not null references "scan" ("id"), "grade" integer not null, "distribution" text not null, "origin" text not null check (origin in ('rule', 'adjudicated')), constraint "label_of_set_pk" primary key ("label_set_id", "scan_id")) strict;

CREATE TRIGGER label_no_update before update on "label" 
        begin select raise(abort, 'rows of label are never changed or removed'); end;

CREATE TRIGGER label_no_delete before delete on "label" when exists (select 1 from "label_set" where id = old."label_set_id")
        begin select raise(abort, 'rows of label are never changed or removed'); end;
