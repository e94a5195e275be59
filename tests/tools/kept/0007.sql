BEGIN TRANSACTION;
CREATE TABLE "auth_group" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(150) NOT NULL UNIQUE);
CREATE TABLE "auth_group_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "auth_permission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content_type_id" integer NOT NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "codename" varchar(100) NOT NULL, "name" varchar(255) NOT NULL);
CREATE TABLE "auth_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "is_superuser" bool NOT NULL, "username" varchar(150) NOT NULL UNIQUE, "last_name" varchar(150) NOT NULL, "email" varchar(254) NOT NULL, "is_staff" bool NOT NULL, "is_active" bool NOT NULL, "date_joined" datetime NOT NULL, "first_name" varchar(150) NOT NULL);
INSERT INTO "auth_user" VALUES(1,'',NULL,0,'lin','','',0,1,'2026-11-28 23:12:02.898787','');
INSERT INTO "auth_user" VALUES(2,'',NULL,0,'wang','','',0,1,'2026-11-28 23:12:02.922125','');
INSERT INTO "auth_user" VALUES(3,'',NULL,0,'zhao','','',0,1,'2026-11-28 23:12:02.929371','');
INSERT INTO "auth_user" VALUES(4,'',NULL,0,'trainer','','',1,1,'2026-11-28 23:12:02.937946','');
CREATE TABLE "auth_user_groups" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "auth_user_user_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "user_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL);
INSERT INTO "django_content_type" VALUES(1,'contenttypes','contenttype');
INSERT INTO "django_content_type" VALUES(2,'auth','permission');
INSERT INTO "django_content_type" VALUES(3,'auth','group');
INSERT INTO "django_content_type" VALUES(4,'auth','user');
INSERT INTO "django_content_type" VALUES(5,'workbench','xblockstate');
INSERT INTO "django_content_type" VALUES(6,'ladder','attempt');
INSERT INTO "django_content_type" VALUES(7,'ladder','source');
INSERT INTO "django_content_type" VALUES(8,'ladder','call');
INSERT INTO "django_content_type" VALUES(9,'ladder','lessonprogress');
INSERT INTO "django_content_type" VALUES(10,'ladder','mark');
INSERT INTO "django_content_type" VALUES(11,'ladder','stageopening');
INSERT INTO "django_content_type" VALUES(12,'ladder','answer');
INSERT INTO "django_content_type" VALUES(13,'ladder','casestep');
INSERT INTO "django_content_type" VALUES(14,'ladder','allowance');
INSERT INTO "django_content_type" VALUES(15,'ladder','markingdraft');
INSERT INTO "django_content_type" VALUES(16,'ladder','override');
INSERT INTO "django_content_type" VALUES(17,'ladder','redo');
INSERT INTO "django_content_type" VALUES(18,'ladder','regrade');
INSERT INTO "django_content_type" VALUES(19,'ladder','voiding');
INSERT INTO "django_content_type" VALUES(20,'ladder','lateanswer');
INSERT INTO "django_content_type" VALUES(21,'ladder_preview','signedout');
INSERT INTO "django_content_type" VALUES(22,'ladder_preview','tries');
CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL);
INSERT INTO "django_migrations" VALUES(1,'contenttypes','0001_initial','2026-11-28 23:12:00.303281');
INSERT INTO "django_migrations" VALUES(2,'contenttypes','0002_remove_content_type_name','2026-11-28 23:12:00.317530');
INSERT INTO "django_migrations" VALUES(3,'auth','0001_initial','2026-11-28 23:12:00.345233');
INSERT INTO "django_migrations" VALUES(4,'auth','0002_alter_permission_name_max_length','2026-11-28 23:12:00.358876');
INSERT INTO "django_migrations" VALUES(5,'auth','0003_alter_user_email_max_length','2026-11-28 23:12:00.371318');
INSERT INTO "django_migrations" VALUES(6,'auth','0004_alter_user_username_opts','2026-11-28 23:12:00.384101');
INSERT INTO "django_migrations" VALUES(7,'auth','0005_alter_user_last_login_null','2026-11-28 23:12:00.408200');
INSERT INTO "django_migrations" VALUES(8,'auth','0006_require_contenttypes_0002','2026-11-28 23:12:00.421293');
INSERT INTO "django_migrations" VALUES(9,'auth','0007_alter_validators_add_error_messages','2026-11-28 23:12:00.432628');
INSERT INTO "django_migrations" VALUES(10,'auth','0008_alter_user_username_max_length','2026-11-28 23:12:00.449924');
INSERT INTO "django_migrations" VALUES(11,'auth','0009_alter_user_last_name_max_length','2026-11-28 23:12:00.465181');
INSERT INTO "django_migrations" VALUES(12,'auth','0010_alter_group_name_max_length','2026-11-28 23:12:00.478246');
INSERT INTO "django_migrations" VALUES(13,'auth','0011_update_proxy_permissions','2026-11-28 23:12:00.488778');
INSERT INTO "django_migrations" VALUES(14,'auth','0012_alter_user_first_name_max_length','2026-11-28 23:12:00.502178');
INSERT INTO "django_migrations" VALUES(15,'ladder','0001_initial','2026-11-28 23:12:00.542099');
INSERT INTO "django_migrations" VALUES(16,'ladder','0002_marking_desk','2026-11-28 23:12:00.831298');
INSERT INTO "django_migrations" VALUES(17,'ladder','0003_extra_minutes','2026-11-28 23:12:00.898543');
INSERT INTO "django_migrations" VALUES(18,'ladder','0004_what_counts','2026-11-28 23:12:01.136185');
INSERT INTO "django_migrations" VALUES(19,'ladder','0005_late_answers','2026-11-28 23:12:01.209054');
INSERT INTO "django_migrations" VALUES(20,'ladder','0006_rule_of_opening','2026-11-28 23:12:01.219231');
INSERT INTO "django_migrations" VALUES(21,'ladder','0007_trial_is_yes_or_no','2026-11-28 23:12:01.249576');
INSERT INTO "django_migrations" VALUES(22,'ladder_preview','0001_initial','2026-11-28 23:12:01.256881');
CREATE TABLE "ladder_allowance" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "learner_id" bigint NOT NULL, "course" varchar(255) NOT NULL, "block" varchar(120) NOT NULL, "minutes" integer unsigned NOT NULL CHECK ("minutes" >= 0), "attempts" integer unsigned NOT NULL CHECK ("attempts" >= 0), "reason" varchar(400) NOT NULL, "staff_id" bigint NULL, "granted_at" datetime NOT NULL);
CREATE TABLE "ladder_answer" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "question" varchar(120) NOT NULL, "revision" integer unsigned NOT NULL CHECK ("revision" >= 0), "value" text NOT NULL CHECK ((JSON_VALID("value") OR "value" IS NULL)), "op_id" varchar(64) NOT NULL, "saved_at" datetime NOT NULL, "attempt_id" bigint NOT NULL REFERENCES "ladder_attempt" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "ladder_answer_op" UNIQUE ("attempt_id", "op_id"), CONSTRAINT "ladder_answer_revision" UNIQUE ("attempt_id", "question", "revision"));
INSERT INTO "ladder_answer" VALUES(1,'reply',1,'[1]','operation-00000003','2026-11-28 23:12:03.307071',1);
INSERT INTO "ladder_answer" VALUES(2,'sorry',1,'[0, 1]','operation-00000004','2026-11-28 23:12:03.307071',1);
INSERT INTO "ladder_answer" VALUES(3,'both-limits',1,'["48", "3"]','operation-00000005','2026-11-28 23:12:03.307071',1);
INSERT INTO "ladder_answer" VALUES(4,'hang-up',1,'[0]','operation-00000006','2026-11-28 23:12:03.307071',1);
INSERT INTO "ladder_answer" VALUES(5,'closing',1,'[0]','operation-00000007','2026-11-28 23:12:03.307071',1);
INSERT INTO "ladder_answer" VALUES(6,'sorry',1,'[0, 1]','operation-00000009','2026-11-28 23:12:03.458316',2);
INSERT INTO "ladder_answer" VALUES(7,'reply',1,'[1]','operation-00000010','2026-11-28 23:12:03.458316',2);
INSERT INTO "ladder_answer" VALUES(8,'reply',1,'[0]','operation-00000013','2026-11-28 23:12:03.603964',3);
INSERT INTO "ladder_answer" VALUES(9,'sorry',1,'[2]','operation-00000014','2026-11-28 23:12:03.603964',3);
INSERT INTO "ladder_answer" VALUES(10,'both-limits',1,'["?", "?"]','operation-00000015','2026-11-28 23:12:03.603964',3);
INSERT INTO "ladder_answer" VALUES(11,'closing',1,'[1]','operation-00000016','2026-11-28 23:12:03.603964',3);
INSERT INTO "ladder_answer" VALUES(12,'listen',1,'[0]','operation-00000017','2026-11-28 23:12:03.603964',3);
INSERT INTO "ladder_answer" VALUES(13,'reply',1,'[1]','operation-00000018','2026-11-28 23:12:03.719590',4);
INSERT INTO "ladder_answer" VALUES(14,'sorry',1,'[0, 1]','operation-00000019','2026-11-28 23:12:03.719590',4);
INSERT INTO "ladder_answer" VALUES(15,'rings',1,'["3", "2"]','operation-00000020','2026-11-28 23:12:03.719590',4);
INSERT INTO "ladder_answer" VALUES(16,'listen',1,'[1]','operation-00000021','2026-11-28 23:12:03.719590',4);
INSERT INTO "ladder_answer" VALUES(17,'closing',1,'[0]','operation-00000022','2026-11-28 23:12:03.719590',4);
CREATE TABLE "ladder_attempt" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "learner_id" bigint NOT NULL, "course" varchar(255) NOT NULL, "block" varchar(120) NOT NULL, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "paper" text NOT NULL CHECK ((JSON_VALID("paper") OR "paper" IS NULL)), "started_at" datetime NOT NULL, "deadline_at" datetime NOT NULL, "submitted_at" datetime NULL, "marks" decimal NULL, "pending" bool NOT NULL, "passed" bool NOT NULL, "source_id" varchar(64) NOT NULL REFERENCES "ladder_source" ("digest") DEFERRABLE INITIALLY DEFERRED, "key_id" varchar(64) NULL REFERENCES "ladder_source" ("digest") DEFERRABLE INITIALLY DEFERRED, "released_at" datetime NULL, "trial" bool NOT NULL, "void_reason" varchar(400) NOT NULL, "voided_at" datetime NULL, "voided_by" bigint NULL, "extra_minutes" integer unsigned NOT NULL CHECK ("extra_minutes" >= 0), CONSTRAINT "ladder_attempt_once" UNIQUE ("learner_id", "course", "block", "number"));
INSERT INTO "ladder_attempt" VALUES(1,1,'course-v1:Ladder+SMALL+2026','first-exam',1,'[["reply", 0, "30", [1, 3, 2, 0]], ["sorry", 0, "20", [0, 1, 2]], ["both-limits", 1, "40", []], ["hang-up", 1, "9.99", [0, 1]], ["closing", 1, "0.01", [0, 1]]]','2026-11-28 23:12:03.265819','2026-11-28 23:32:03.265819','2026-11-28 23:12:03.324502',100,0,1,'71c83fbc348a8be594f89e283630b8aee22b2ba528b72d7fb63651d4f64ba7c7',NULL,'2026-11-28 23:12:03.324502',0,'',NULL,NULL,0);
INSERT INTO "ladder_attempt" VALUES(2,2,'course-v1:Ladder+SMALL+2026','first-exam',1,'[["sorry", 0, "20", [2, 0, 1]], ["reply", 0, "30", [2, 1, 0, 3]], ["both-limits", 1, "40", []], ["hang-up", 1, "9.99", [0, 1]], ["shop-name", 1, "0.01", [1, 0]]]','2026-11-28 23:12:03.451702','2026-11-28 23:32:03.451702',NULL,NULL,0,0,'71c83fbc348a8be594f89e283630b8aee22b2ba528b72d7fb63651d4f64ba7c7',NULL,NULL,0,'',NULL,NULL,0);
INSERT INTO "ladder_attempt" VALUES(3,3,'course-v1:Ladder+SMALL+2026','first-exam',1,'[["reply", 0, "30", [0, 2, 1, 3]], ["sorry", 0, "20", [1, 2, 0]], ["both-limits", 1, "40", []], ["closing", 1, "0.01", [0, 1]], ["listen", 1, "9.99", [0, 1]]]','2026-11-28 23:12:03.540068','2026-11-28 23:32:03.540068','2026-11-28 23:12:03.621823',0,0,0,'71c83fbc348a8be594f89e283630b8aee22b2ba528b72d7fb63651d4f64ba7c7',NULL,'2026-11-28 23:12:03.621823',0,'',NULL,NULL,0);
INSERT INTO "ladder_attempt" VALUES(4,4,'course-v1:Ladder+SMALL+2026','first-exam',1,'[["reply", 0, "30", [0, 3, 2, 1]], ["sorry", 0, "20", [1, 0, 2]], ["rings", 1, "40", []], ["listen", 1, "9.99", [0, 1]], ["closing", 1, "0.01", [1, 0]]]','2026-11-28 23:12:03.683917','2026-11-28 23:32:03.683917','2026-11-28 23:12:03.742063',100,0,1,'71c83fbc348a8be594f89e283630b8aee22b2ba528b72d7fb63651d4f64ba7c7',NULL,'2026-11-28 23:12:03.742063',1,'',NULL,NULL,0);
CREATE TABLE "ladder_call" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "learner_id" bigint NOT NULL, "course" varchar(255) NOT NULL, "block" varchar(120) NOT NULL, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "started_at" datetime NOT NULL, "ended_at" datetime NULL, "marks" decimal NULL, "passed" bool NOT NULL, "source_id" varchar(64) NULL REFERENCES "ladder_source" ("digest") DEFERRABLE INITIALLY DEFERRED, "trial" bool NOT NULL, "voiding" bigint NOT NULL, CONSTRAINT "ladder_call_once" UNIQUE ("learner_id", "course", "block", "number"));
INSERT INTO "ladder_call" VALUES(1,1,'course-v1:Ladder+SMALL+2026','late-van',1,'2026-11-28 23:12:03.167345','2026-11-28 23:12:03.223769',100,1,'f184816a14647492ad649535d9deab64134395aff5a9282529e131bc9f8273f5',0,0);
INSERT INTO "ladder_call" VALUES(2,2,'course-v1:Ladder+SMALL+2026','late-van',1,'2026-11-28 23:12:03.437111',NULL,NULL,0,'f184816a14647492ad649535d9deab64134395aff5a9282529e131bc9f8273f5',0,0);
INSERT INTO "ladder_call" VALUES(3,3,'course-v1:Ladder+SMALL+2026','late-van',1,'2026-11-28 23:12:03.500186','2026-11-28 23:12:03.526906',0,0,'f184816a14647492ad649535d9deab64134395aff5a9282529e131bc9f8273f5',0,0);
CREATE TABLE "ladder_casestep" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "position" integer unsigned NOT NULL CHECK ("position" >= 0), "scene" varchar(120) NOT NULL, "option" integer unsigned NOT NULL CHECK ("option" >= 0), "op_id" varchar(64) NOT NULL, "chosen_at" datetime NOT NULL, "call_id" bigint NOT NULL REFERENCES "ladder_call" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "ladder_step_position" UNIQUE ("call_id", "position"), CONSTRAINT "ladder_step_op" UNIQUE ("call_id", "op_id"));
INSERT INTO "ladder_casestep" VALUES(1,0,'start',0,'operation-00000001','2026-11-28 23:12:03.199531',1);
INSERT INTO "ladder_casestep" VALUES(2,1,'look-up',0,'operation-00000002','2026-11-28 23:12:03.223769',1);
INSERT INTO "ladder_casestep" VALUES(3,0,'start',1,'operation-00000008','2026-11-28 23:12:03.445412',2);
INSERT INTO "ladder_casestep" VALUES(4,0,'start',1,'operation-00000011','2026-11-28 23:12:03.511451',3);
INSERT INTO "ladder_casestep" VALUES(5,1,'look-up',1,'operation-00000012','2026-11-28 23:12:03.526906',3);
CREATE TABLE "ladder_lateanswer" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "question" varchar(120) NOT NULL, "value" text NOT NULL CHECK ((JSON_VALID("value") OR "value" IS NULL)), "received_at" datetime NOT NULL, "attempt_id" bigint NOT NULL REFERENCES "ladder_attempt" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "ladder_late_answer_once" UNIQUE ("attempt_id", "question"));
CREATE TABLE "ladder_lessonprogress" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "learner_id" bigint NOT NULL, "course" varchar(255) NOT NULL, "block" varchar(120) NOT NULL, "section" varchar(120) NOT NULL, "read_at" datetime NOT NULL, "voiding" bigint NOT NULL, CONSTRAINT "ladder_section_once" UNIQUE ("learner_id", "course", "block", "section", "voiding"));
INSERT INTO "ladder_lessonprogress" VALUES(1,1,'course-v1:Ladder+SMALL+2026','welcome','第一天','2026-11-28 23:12:03.067175',0);
INSERT INTO "ladder_lessonprogress" VALUES(2,1,'course-v1:Ladder+SMALL+2026','welcome','接线的人','2026-11-28 23:12:03.067175',0);
INSERT INTO "ladder_lessonprogress" VALUES(3,1,'course-v1:Ladder+SMALL+2026','welcome','','2026-11-28 23:12:03.074692',0);
INSERT INTO "ladder_lessonprogress" VALUES(4,1,'course-v1:Ladder+SMALL+2026','voice','语速','2026-11-28 23:12:03.125056',0);
INSERT INTO "ladder_lessonprogress" VALUES(5,1,'course-v1:Ladder+SMALL+2026','voice','','2026-11-28 23:12:03.146361',0);
INSERT INTO "ladder_lessonprogress" VALUES(6,1,'course-v1:Ladder+SMALL+2026','refunding','先核对','2026-11-28 23:12:03.390424',0);
INSERT INTO "ladder_lessonprogress" VALUES(7,1,'course-v1:Ladder+SMALL+2026','refunding','','2026-11-28 23:12:03.400446',0);
INSERT INTO "ladder_lessonprogress" VALUES(8,2,'course-v1:Ladder+SMALL+2026','welcome','第一天','2026-11-28 23:12:03.427475',0);
INSERT INTO "ladder_lessonprogress" VALUES(9,2,'course-v1:Ladder+SMALL+2026','welcome','接线的人','2026-11-28 23:12:03.427475',0);
INSERT INTO "ladder_lessonprogress" VALUES(10,2,'course-v1:Ladder+SMALL+2026','welcome','','2026-11-28 23:12:03.430409',0);
INSERT INTO "ladder_lessonprogress" VALUES(11,3,'course-v1:Ladder+SMALL+2026','welcome','第一天','2026-11-28 23:12:03.478497',0);
INSERT INTO "ladder_lessonprogress" VALUES(12,3,'course-v1:Ladder+SMALL+2026','welcome','接线的人','2026-11-28 23:12:03.478497',0);
INSERT INTO "ladder_lessonprogress" VALUES(13,3,'course-v1:Ladder+SMALL+2026','welcome','','2026-11-28 23:12:03.482744',0);
CREATE TABLE "ladder_mark" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "question" varchar(120) NOT NULL, "marks" decimal NOT NULL, "possible" decimal NOT NULL, "marker_id" bigint NULL, "marked_at" datetime NOT NULL, "attempt_id" bigint NOT NULL REFERENCES "ladder_attempt" ("id") DEFERRABLE INITIALLY DEFERRED, "comment" text NOT NULL, "points" text NULL CHECK ((JSON_VALID("points") OR "points" IS NULL)), "revision" integer unsigned NOT NULL CHECK ("revision" >= 0), "regrade_id" bigint NULL REFERENCES "ladder_regrade" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "ladder_mark_revision" UNIQUE ("attempt_id", "question", "revision"));
INSERT INTO "ladder_mark" VALUES(1,'reply',30,30,NULL,'2026-11-28 23:12:03.324502',1,'',NULL,1,NULL);
INSERT INTO "ladder_mark" VALUES(2,'sorry',20,20,NULL,'2026-11-28 23:12:03.324502',1,'',NULL,1,NULL);
INSERT INTO "ladder_mark" VALUES(3,'both-limits',40,40,NULL,'2026-11-28 23:12:03.324502',1,'',NULL,1,NULL);
INSERT INTO "ladder_mark" VALUES(4,'hang-up',9.99,9.99,NULL,'2026-11-28 23:12:03.324502',1,'',NULL,1,NULL);
INSERT INTO "ladder_mark" VALUES(5,'closing',0.01,0.01,NULL,'2026-11-28 23:12:03.324502',1,'',NULL,1,NULL);
INSERT INTO "ladder_mark" VALUES(6,'reply',0,30,NULL,'2026-11-28 23:12:03.621823',3,'',NULL,1,NULL);
INSERT INTO "ladder_mark" VALUES(7,'sorry',0,20,NULL,'2026-11-28 23:12:03.621823',3,'',NULL,1,NULL);
INSERT INTO "ladder_mark" VALUES(8,'both-limits',0,40,NULL,'2026-11-28 23:12:03.621823',3,'',NULL,1,NULL);
INSERT INTO "ladder_mark" VALUES(9,'closing',0,0.01,NULL,'2026-11-28 23:12:03.621823',3,'',NULL,1,NULL);
INSERT INTO "ladder_mark" VALUES(10,'listen',0,9.99,NULL,'2026-11-28 23:12:03.621823',3,'',NULL,1,NULL);
INSERT INTO "ladder_mark" VALUES(11,'reply',30,30,NULL,'2026-11-28 23:12:03.742063',4,'',NULL,1,NULL);
INSERT INTO "ladder_mark" VALUES(12,'sorry',20,20,NULL,'2026-11-28 23:12:03.742063',4,'',NULL,1,NULL);
INSERT INTO "ladder_mark" VALUES(13,'rings',40,40,NULL,'2026-11-28 23:12:03.742063',4,'',NULL,1,NULL);
INSERT INTO "ladder_mark" VALUES(14,'listen',9.99,9.99,NULL,'2026-11-28 23:12:03.742063',4,'',NULL,1,NULL);
INSERT INTO "ladder_mark" VALUES(15,'closing',0.01,0.01,NULL,'2026-11-28 23:12:03.742063',4,'',NULL,1,NULL);
CREATE TABLE "ladder_markingdraft" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "question" varchar(120) NOT NULL, "marker_id" bigint NOT NULL, "points" text NOT NULL CHECK ((JSON_VALID("points") OR "points" IS NULL)), "comment" text NOT NULL, "saved_at" datetime NOT NULL, "attempt_id" bigint NOT NULL REFERENCES "ladder_attempt" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "ladder_draft_once" UNIQUE ("attempt_id", "question", "marker_id"));
CREATE TABLE "ladder_override" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "learner_id" bigint NOT NULL, "course" varchar(255) NOT NULL, "block" varchar(120) NOT NULL, "marks" decimal NULL, "staff_id" bigint NULL, "made_at" datetime NOT NULL, "passed" bool NOT NULL);
CREATE TABLE "ladder_preview_signedout" ("session" varchar(32) NOT NULL PRIMARY KEY, "at" datetime NOT NULL);
CREATE TABLE "ladder_preview_tries" ("key" varchar(32) NOT NULL PRIMARY KEY, "wrong" integer unsigned NOT NULL CHECK ("wrong" >= 0), "last_at" datetime NOT NULL);
CREATE TABLE "ladder_redo" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "learner_id" bigint NOT NULL, "course" varchar(255) NOT NULL, "question" varchar(120) NOT NULL, "right" bool NOT NULL, "op_id" varchar(64) NOT NULL, "answered_at" datetime NOT NULL, CONSTRAINT "ladder_redo_op" UNIQUE ("learner_id", "course", "op_id"));
CREATE TABLE "ladder_regrade" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "course" varchar(255) NOT NULL, "block" varchar(120) NOT NULL, "staff_id" bigint NULL, "applied_at" datetime NOT NULL, "changes" text NOT NULL CHECK ((JSON_VALID("changes") OR "changes" IS NULL)), "source_id" varchar(64) NOT NULL REFERENCES "ladder_source" ("digest") DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "ladder_source" ("digest" varchar(64) NOT NULL PRIMARY KEY, "content" text NOT NULL);
INSERT INTO "ladder_source" VALUES('f184816a14647492ad649535d9deab64134395aff5a9282529e131bc9f8273f5','<!-- file: 01-start/30-late-van.md -->
---
kind: case
title: 迟到的货车
customer: 周女士，在家等了一天
mood: 40
pass: 60
criteria:
  态度: 40
  解决: 60
fatal:
  - 先挂断电话
---
货车今天没有来，时限见 [[limits#送货|送货]]。

## 接起电话 {#start}
> 我的货呢？

- “抱歉让您久等，我马上查。” → [查单](#look-up)
  - 得分：态度 +40，情绪 +20
  - 理由：先接住情绪，再办事。
- “您再等等吧。” → [查单](#look-up)
  - 得分：情绪 -20
  - 理由：没有道歉，客户更急。
- （直接挂断） → [客户走了](#lost)
  - 得分：态度 +40，解决 +60
  - 致命：先挂断电话
  - 理由：任何时候都不能先挂断。

## 查单 {#look-up}
系统里没有派车。

> 到底还送不送？

- “今晚六点前送到，可以吗？” → [挽回](#saved)
  - 得分：解决 +60，情绪 +30
  - 理由：给出了明确的时限。
- “我也没办法。” → [客户走了](#lost)
  - 理由：推掉了责任。

## 挽回 {#saved end=good}
> 行吧，我等着。

## 客户走了 {#lost end=poor}
> 退货！我不要了！');
INSERT INTO "ladder_source" VALUES('71c83fbc348a8be594f89e283630b8aee22b2ba528b72d7fb63651d4f64ba7c7','<!-- file: 01-start/40-first-exam.md -->
---
kind: exam
title: 入门考核
minutes: 20
grace_seconds: 30
---
## 一、选择
单选 30 分，多选 20 分。

| 题库 | 题型 | 难度 | 题数 | 每题分 |
| --- | --- | --- | --- | --- |
| first | 单选 | 1-3 | 1 | 30 |
| first | 多选 | | 1 | 20 |

## 二、判断与填空
最后一题只值 0.01 分。

| bank | type | d | count | marks |
| --- | --- | --- | --- | --- |
| first | judge | | 1 | 9.99 |
| first | blank | | 1 | 40 |
| first | single | 5 | 1 | 0.01 |

<!-- file: first.md -->
---
kind: bank
title: 入门题
kb: limits
---
## 答复时限 {#reply d=1 kb=limits#投诉}
投诉最迟应在多长时间内答复？
- ( ) 24 小时
- (x) 48 小时
- ( ) 3 天
- ( ) 7 天
> 投诉 48 小时内答复，见 [[limits#投诉|投诉]]。

## 送货时限 {#delivery d=2 kb=limits#送货}
送货最迟几天完成？
- (x) 三天
- ( ) 五天
- ( ) 七天
> 送货三天内完成。

## 要记什么 {#record d=2}
受理投诉时要记下哪些？
- [x] 来电时间
- [x] 客户诉求
- [ ] 自己的看法
- [ ] 天气
> 只记事实。

## 道歉时说什么 {#sorry d=2 kb=calming}
道歉时可以说哪些？
- [x] 让您久等了
- [x] 给您添麻烦了
- [ ] 这不归我管
> 先道歉，不推责任。

## 先听 {#listen d=1 kb=calming}
客户激动时，应当先讲制度。
- ( ) 对
- (x) 错
> 应当先听。

## 挂断 {#hang-up d=1}
通话结束时，应当等客户先挂断。
- (x) 对
- ( ) 错
> 由客户来挂电话。

## 填时限 {#both-limits d=1}
投诉须在 {{48|四十八}} 小时内答复，送货须在 {{3|三}} 天内完成。
> 两个时限都要记牢。

## 填次数 {#rings d=1}
铃响 {{3|三}} 声内接起，转接不超过 {{2|二|两}} 次。
> 三声内接起。

## 店名 {#shop-name d=5}
电话里怎样报店名？
- (x) 家电小店，您好
- ( ) 喂
> 先报店名。

## 结束语 {#closing d=5}
挂断前最后说什么？
- (x) 感谢来电，再见
- ( ) 好了
> 要道别。

## 怎样安抚 {#calm d=3 marks=8}
客户很激动，你怎么做？
= 4 先听完 | 倾听
= 4 给出时限
> 先处理心情。

<!-- file: places.md -->
---
kind: places
articles:
  - id: "calming"
    title: "安抚"
    chapter: "技巧"
  - id: "limits"
    title: "时限"
    chapter: "规范"
    lessons:
      - {id: "welcome", title: "欢迎"}
---');
CREATE TABLE "ladder_stageopening" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "learner_id" bigint NOT NULL, "course" varchar(255) NOT NULL, "stage" varchar(120) NOT NULL, "opened_at" datetime NOT NULL, "evidence" text NOT NULL CHECK ((JSON_VALID("evidence") OR "evidence" IS NULL)), "finished_at" datetime NULL, "voiding" bigint NOT NULL, "rule" text NULL CHECK ((JSON_VALID("rule") OR "rule" IS NULL)), CONSTRAINT "ladder_stage_once" UNIQUE ("learner_id", "course", "stage", "voiding"));
INSERT INTO "ladder_stageopening" VALUES(1,1,'course-v1:Ladder+SMALL+2026','start','2026-11-28 23:12:02.977193','[]','2026-11-28 23:12:03.324502',0,'{"after": ""}');
INSERT INTO "ladder_stageopening" VALUES(3,1,'course-v1:Ladder+SMALL+2026','calls','2026-11-28 23:12:03.324502','[{"kind": "lessons", "mine": "2", "needed": "2"}, {"kind": "cases", "mine": "1", "needed": "1"}, {"kind": "theory", "mine": "100.00", "needed": "60"}, {"kind": "practice", "mine": "100.00", "needed": "60"}]',NULL,0,'{"after": "start", "lessons": ["welcome", "voice"], "cases": ["late-van"], "exams": ["first-exam"], "passed": true, "theory": 60, "practice": 60}');
INSERT INTO "ladder_stageopening" VALUES(4,2,'course-v1:Ladder+SMALL+2026','start','2026-11-28 23:12:03.418353','[]',NULL,0,'{"after": ""}');
INSERT INTO "ladder_stageopening" VALUES(5,3,'course-v1:Ladder+SMALL+2026','start','2026-11-28 23:12:03.471538','[]',NULL,0,'{"after": ""}');
CREATE TABLE "ladder_voiding" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "learner_id" bigint NOT NULL, "course" varchar(255) NOT NULL, "block" varchar(120) NOT NULL, "staff_id" bigint NULL, "reason" varchar(400) NOT NULL, "voided_at" datetime NOT NULL);
CREATE TABLE "workbench_xblockstate" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "scope" varchar(50) NULL, "scope_id" varchar(255) NULL, "user_id" varchar(255) NULL, "scenario" varchar(255) NULL, "tag" varchar(50) NULL, "created" datetime NOT NULL, "state" text NOT NULL);
CREATE INDEX "workbench_xblockstate_scope_0bfd100c" ON "workbench_xblockstate" ("scope");
CREATE INDEX "workbench_xblockstate_scope_id_12b372cf" ON "workbench_xblockstate" ("scope_id");
CREATE INDEX "workbench_xblockstate_user_id_60caeb5e" ON "workbench_xblockstate" ("user_id");
CREATE INDEX "workbench_xblockstate_scenario_3e2ae3e1" ON "workbench_xblockstate" ("scenario");
CREATE INDEX "workbench_xblockstate_tag_17e443c7" ON "workbench_xblockstate" ("tag");
CREATE INDEX "workbench_xblockstate_created_d7bab2ba" ON "workbench_xblockstate" ("created");
CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq" ON "django_content_type" ("app_label", "model");
CREATE UNIQUE INDEX "auth_group_permissions_group_id_permission_id_0cd325b0_uniq" ON "auth_group_permissions" ("group_id", "permission_id");
CREATE INDEX "auth_group_permissions_group_id_b120cbf9" ON "auth_group_permissions" ("group_id");
CREATE INDEX "auth_group_permissions_permission_id_84c5c92e" ON "auth_group_permissions" ("permission_id");
CREATE UNIQUE INDEX "auth_user_groups_user_id_group_id_94350c0c_uniq" ON "auth_user_groups" ("user_id", "group_id");
CREATE INDEX "auth_user_groups_user_id_6a12ed8b" ON "auth_user_groups" ("user_id");
CREATE INDEX "auth_user_groups_group_id_97559544" ON "auth_user_groups" ("group_id");
CREATE UNIQUE INDEX "auth_user_user_permissions_user_id_permission_id_14a6b632_uniq" ON "auth_user_user_permissions" ("user_id", "permission_id");
CREATE INDEX "auth_user_user_permissions_user_id_a95ead1b" ON "auth_user_user_permissions" ("user_id");
CREATE INDEX "auth_user_user_permissions_permission_id_1fbb5f2c" ON "auth_user_user_permissions" ("permission_id");
CREATE UNIQUE INDEX "auth_permission_content_type_id_codename_01ab375a_uniq" ON "auth_permission" ("content_type_id", "codename");
CREATE INDEX "auth_permission_content_type_id_2f476e4b" ON "auth_permission" ("content_type_id");
CREATE INDEX "ladder_answer_attempt_id_fb5d93d4" ON "ladder_answer" ("attempt_id");
CREATE INDEX "ladder_casestep_call_id_66c0a6d1" ON "ladder_casestep" ("call_id");
CREATE INDEX "ladder_allowance_of" ON "ladder_allowance" ("learner_id", "course", "block");
CREATE INDEX "ladder_regrade_source_id_eb42b3aa" ON "ladder_regrade" ("source_id");
CREATE INDEX "ladder_mark_attempt_id_1ef8aa9a" ON "ladder_mark" ("attempt_id");
CREATE INDEX "ladder_mark_regrade_id_a06ef052" ON "ladder_mark" ("regrade_id");
CREATE INDEX "ladder_markingdraft_attempt_id_9b017078" ON "ladder_markingdraft" ("attempt_id");
CREATE INDEX "ladder_regrade_block" ON "ladder_regrade" ("course", "block");
CREATE INDEX "ladder_attempt_source_id_816867a3" ON "ladder_attempt" ("source_id");
CREATE INDEX "ladder_attempt_key_id_b1dde4d7" ON "ladder_attempt" ("key_id");
CREATE INDEX "ladder_attempt_block" ON "ladder_attempt" ("course", "block");
CREATE INDEX "ladder_attempt_open" ON "ladder_attempt" ("submitted_at", "deadline_at");
CREATE INDEX "ladder_call_source_id_1a86f465" ON "ladder_call" ("source_id");
CREATE INDEX "ladder_call_block" ON "ladder_call" ("course", "block");
CREATE INDEX "ladder_override_of" ON "ladder_override" ("learner_id", "course", "block");
CREATE INDEX "ladder_voiding_of" ON "ladder_voiding" ("learner_id", "course", "block");
CREATE INDEX "ladder_lateanswer_attempt_id_95965bd7" ON "ladder_lateanswer" ("attempt_id");
CREATE INDEX "ladder_preview_signedout_at_08c22051" ON "ladder_preview_signedout" ("at");
CREATE INDEX "ladder_preview_tries_last_at_16389a2a" ON "ladder_preview_tries" ("last_at");
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('django_migrations',22);
INSERT INTO "sqlite_sequence" VALUES('django_content_type',22);
INSERT INTO "sqlite_sequence" VALUES('auth_permission',88);
INSERT INTO "sqlite_sequence" VALUES('auth_group',0);
INSERT INTO "sqlite_sequence" VALUES('auth_user',4);
INSERT INTO "sqlite_sequence" VALUES('ladder_redo',0);
INSERT INTO "sqlite_sequence" VALUES('ladder_regrade',0);
INSERT INTO "sqlite_sequence" VALUES('ladder_mark',15);
INSERT INTO "sqlite_sequence" VALUES('ladder_markingdraft',0);
INSERT INTO "sqlite_sequence" VALUES('ladder_attempt',4);
INSERT INTO "sqlite_sequence" VALUES('ladder_call',3);
INSERT INTO "sqlite_sequence" VALUES('ladder_override',0);
INSERT INTO "sqlite_sequence" VALUES('ladder_lessonprogress',13);
INSERT INTO "sqlite_sequence" VALUES('ladder_stageopening',5);
INSERT INTO "sqlite_sequence" VALUES('ladder_casestep',5);
INSERT INTO "sqlite_sequence" VALUES('ladder_answer',17);
COMMIT;
