import { EVENTS, PARTITIONS, REALTIME } from './dashboards-inside.ts'
import { graph, ofService, orNone, stat, type Dashboard } from './panels.ts'

const USER: Dashboard = {
  uid: 'bigtech-user',
  title: 'User Service',
  panels: [
    stat('회원가입 수 · Registrations in 24 h', 'short', 'sum(increase(user_registrations_total[24h]))'),
    stat('접속 중 · Online now', 'short', 'max(online_users_count)'),
    graph('회원가입 · Registrations', 'ops', {
      registrations: 'sum(rate(user_registrations_total[$__rate_interval]))',
    }),
    graph('로그인 수 · Sign-ins', 'ops', {
      '{{result}}': 'sum by (result) (rate(user_logins_total[$__rate_interval]))',
    }),
    graph('접속자 · People online', 'short', { online: 'max(online_users_count)' }),
    graph('비밀번호 해시 대기열 · Password hashes that run or wait', 'short', {
      '{{instance}}': 'max by (instance) (password_hash_queue)',
    }),
    ...ofService('user-service'),
  ],
}

const FRIEND: Dashboard = {
  uid: 'bigtech-friend',
  title: 'Friend Service',
  panels: [
    stat('친구 요청 수 · Requests in 24 h', 'short', 'sum(increase(friend_requests_total[24h]))'),
    stat(
      '수락률 · Accepted, of those that were answered in 24 h',
      'percentunit',
      orNone(
        'sum(increase(friend_requests_closed_total{status="accepted"}[24h])) / (sum(increase(friend_requests_closed_total[24h])) > 0)',
      ),
    ),
    graph('친구 요청 · Friend requests', 'ops', {
      sent: 'sum(rate(friend_requests_total[$__rate_interval]))',
      '{{status}}': 'sum by (status) (rate(friend_requests_closed_total[$__rate_interval]))',
    }),
    graph('관계 변화 · What changes between people', 'ops', {
      '{{change}}': 'sum by (change) (rate(friend_changes_total[$__rate_interval]))',
    }),
    ...ofService('friend-service'),
  ],
}

const CHAT: Dashboard = {
  uid: 'bigtech-chat',
  title: 'Chat Service',
  panels: [
    stat('메시지 수 · Messages in 24 h', 'short', 'sum(increase(messages_sent_total[24h]))'),
    stat('연결 수 · Open streams', 'short', 'sum(stream_connections)'),
    graph('메시지 전송량 · Messages sent', 'ops', {
      '{{message_type}}': 'sum by (message_type) (rate(messages_sent_total[$__rate_interval]))',
    }),
    graph('채팅방 생성 · Rooms created', 'ops', { rooms: 'sum(rate(chat_rooms_created_total[$__rate_interval]))' }),
    graph('SSE·WebSocket 연결 수 · Open streams', 'short', {
      '{{transport}}': 'sum by (transport) (stream_connections)',
    }),
    graph('메시지 저장 시간 · Time to send over HTTP', 's', {
      p95: 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{service="chat-service",method="POST",path="/messages/:room_id"}[$__rate_interval])))',
    }),
    ...ofService('chat-service'),
  ],
}

const INFRASTRUCTURE: Dashboard = {
  uid: 'bigtech-infrastructure',
  title: 'Infrastructure',
  panels: [
    graph('프로세스 · Processes that answer', 'short', { '{{service}}': 'sum by (service) (up{job="bigtech-chat"})' }),
    graph('MySQL·MongoDB·Redis·Kafka 상태 · Dependencies (1: reached by all)', 'short', {
      '{{service}} {{dependency}}': 'min by (service, dependency) (dependency_up)',
    }),
    graph('서비스별 요청 · Requests by service', 'reqps', { '{{service}}': 'service:http_requests:rate5m' }),
    graph('오류 비율(5분) · Errors, of 5 minutes', 'percentunit', {
      '{{service}}': 'service:http_errors:ratio_rate5m',
    }),
    graph('p95 응답 시간 · Response time, p95', 's', {
      '{{service}}': 'service:http_request_duration_seconds:p95_5m',
    }),
    graph('디스크 여유 · Disk left', 'percentunit', { '{{instance}}': 'data_disk_free_bytes / data_disk_size_bytes' }),
    graph('CPU', 'short', { '{{instance}}': 'rate(process_cpu_seconds_total{job="bigtech-chat"}[$__rate_interval])' }),
    graph('메모리 · Memory', 'bytes', { '{{instance}}': 'process_resident_memory_bytes{job="bigtech-chat"}' }),
    graph('힙 · Heap used', 'bytes', { '{{instance}}': 'nodejs_heap_size_used_bytes{job="bigtech-chat"}' }),
    graph('이벤트 루프 지연 · Event loop lag, p99', 's', {
      '{{instance}}': 'nodejs_eventloop_lag_p99_seconds{job="bigtech-chat"}',
    }),
    graph('가비지 컬렉션 · Part of the time in garbage collection', 'percentunit', {
      '{{instance}} {{kind}}': 'rate(nodejs_gc_duration_seconds_sum{job="bigtech-chat"}[$__rate_interval])',
    }),
    graph('열린 파일 · Open files, of those that are allowed', 'percentunit', {
      '{{instance}}': 'process_open_fds{job="bigtech-chat"} / process_max_fds{job="bigtech-chat"}',
    }),
  ],
}

const CARE: Dashboard = {
  uid: 'bigtech-care',
  title: 'Care',
  panels: [
    stat('대기 중인 녹음 · Recordings that wait', 'short', 'sum(care_recordings_pending)'),
    graph('녹음 대기열 · Recordings that are listened to or wait', 'short', {
      '{{instance}}': 'sum by (instance) (care_recordings_pending)',
    }),
    graph('돌봄 이벤트 지연 · Care events that others have not handled', 'short', {
      '{{service}}': 'max by (service) (consumer_lag_records{topic="care.events"})',
    }),
    // How people are is nobody's figure here: what care finds is in no metric (docs/care.md).
    ...ofService('ai-service'),
  ],
}

export const DASHBOARDS: readonly Dashboard[] = [USER, FRIEND, CHAT, INFRASTRUCTURE, REALTIME, PARTITIONS, EVENTS, CARE]
