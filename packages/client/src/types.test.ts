import assert from 'node:assert/strict'
import { it } from 'node:test'
import type {
  MessageStatistics as MessageStatisticsView,
  Overview,
  RebuildState,
  CareStatistics as CareView,
  RetentionStatistics as RetentionView,
  RoomStatistics as RoomStatisticsView,
  UserStatistics as UserStatisticsView,
} from '@bigtech/analytics-service/contract'
import type {
  AlertRulesSchema,
  AlertSchema,
  AnalysisResponseSchema,
  ConsentSchema,
  ContactSchema,
  EntrySchema,
  LinkSchema,
  NoteSchema,
  QuestionnaireSchema,
  ReadSchema,
  RecordingSchema,
} from '@bigtech/ai-service/contract'
import type { MemberView, MessageView, RoomView } from '@bigtech/chat-service/contract'
import type { Person as PersonView, RequestView } from '@bigtech/friend-service/contract'
import type {
  NotificationView,
  PUSH_KINDS,
  QuietHoursSchema,
  SettingsSchema,
  SubscriptionSchema,
} from '@bigtech/notification-service/contract'
import type { OwnProfile as OwnProfileView, PublicProfile as PublicProfileView } from '@bigtech/user-service/contract'
import type { Static } from 'typebox'
import type {
  CareAlert,
  CareAlertRules,
  CareAnalysis,
  CareConsent,
  CareContact,
  CareEntry,
  CareLink,
  CareNote,
  CareQuestionnaire,
  CareRead,
  CareRecording,
  FriendRequest,
  Member,
  Message,
  MessageStatistics,
  Notification,
  NotificationSettings,
  OwnProfile,
  Person,
  PublicProfile,
  PushKind,
  PushSubscriptionInfo,
  QuietHours,
  CareStatistics,
  RetentionStatistics,
  Room,
  RoomStatistics,
  StatisticsOverview,
  StatisticsRebuild,
  UserStatistics,
} from './types.ts'

/** Compiles only while what the contract says fits what the client promises, field by field. */
type Fits<Contract extends Promise, Promise> = { [Field in keyof Contract]: Field extends keyof Promise ? true : Field }
type Complete<F> = F extends Record<keyof F, true> ? true : F
type Proof<T extends true> = T

it('has the types of the contracts', () => {
  const proofs: [
    Proof<Complete<Fits<PublicProfileView, PublicProfile>>>,
    Proof<Complete<Fits<OwnProfileView, OwnProfile>>>,
    Proof<Complete<Fits<PersonView, Person>>>,
    Proof<Complete<Fits<RequestView, FriendRequest>>>,
    Proof<Complete<Fits<MemberView, Member>>>,
    // `system` is any record in the contract; docs/realtime.md says what is in it.
    Proof<Complete<Fits<Omit<MessageView, 'system'>, Omit<Message, 'system'>>>>,
    Proof<Complete<Fits<NotificationView, Notification>>>,
    Proof<Complete<Fits<Static<typeof SubscriptionSchema>, PushSubscriptionInfo>>>,
    Proof<Complete<Fits<Static<typeof QuietHoursSchema>, QuietHours>>>,
    // Its `kinds` are made of a table that the schema builder's types do not follow; their names are compared below.
    Proof<Complete<Fits<Omit<Static<typeof SettingsSchema>, 'kinds'>, Omit<NotificationSettings, 'kinds'>>>>,
    // Both ways: no kind is missing, none is invented.
    Proof<PushKind extends (typeof PUSH_KINDS)[number] ? true : false>,
    Proof<(typeof PUSH_KINDS)[number] extends PushKind ? true : false>,
    Proof<Complete<Fits<Omit<RoomView, 'last_message'>, Omit<Room, 'last_message'>>>>,
    Proof<Complete<Fits<Overview, StatisticsOverview>>>,
    Proof<Complete<Fits<MessageStatisticsView, MessageStatistics>>>,
    Proof<Complete<Fits<UserStatisticsView, UserStatistics>>>,
    Proof<Complete<Fits<RoomStatisticsView, RoomStatistics>>>,
    Proof<Complete<Fits<RetentionView, RetentionStatistics>>>,
    Proof<Complete<Fits<CareView, CareStatistics>>>,
    Proof<Complete<Fits<RebuildState, StatisticsRebuild>>>,
    Proof<Complete<Fits<Static<typeof ContactSchema>, CareContact>>>,
    Proof<Complete<Fits<Static<typeof ConsentSchema>, CareConsent>>>,
    Proof<Complete<Fits<Static<typeof AlertSchema>, CareAlert>>>,
    Proof<Complete<Fits<Static<typeof AlertRulesSchema>, CareAlertRules>>>,
    Proof<Complete<Fits<Static<typeof NoteSchema>, CareNote>>>,
    Proof<Complete<Fits<Static<typeof ReadSchema>, CareRead>>>,
    Proof<Complete<Fits<Omit<Static<typeof RecordingSchema>, 'result'>, Omit<CareRecording, 'result'>>>>,
    Proof<Complete<Fits<Static<typeof LinkSchema>, CareLink>>>,
    Proof<Complete<Fits<Static<typeof EntrySchema>, CareEntry>>>,
    Proof<Complete<Fits<Static<typeof QuestionnaireSchema>, CareQuestionnaire>>>,
    Proof<Complete<Fits<Required<Static<typeof AnalysisResponseSchema>>, Required<CareAnalysis>>>>,
  ] = [
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
    true,
  ]
  assert.ok(proofs.every(Boolean))
})
