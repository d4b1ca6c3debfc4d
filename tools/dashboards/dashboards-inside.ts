import { graph, orNone, stat, type Dashboard } from './panels.ts'

/** Dashboards of what happens between the services, rather than in one. */

export const REALTIME: Dashboard = {
  uid: 'bigtech-realtime',
  title: 'Realtime',
  panels: [
    stat('연결 수 · Open streams', 'short', 'sum(stream_connections)'),
    graph('연결 · Open streams by process', 'short', {
      '{{instance}} {{transport}}': 'stream_connections',
    }),
    graph('전달 · Frames written to streams', 'ops', {
      '{{instance}}': 'sum by (instance) (rate(stream_deliveries[$__rate_interval]))',
    }),
    graph('메시지당 전달 · Frames for each message', 'short', {
      frames: orNone(
        'sum(rate(stream_deliveries[$__rate_interval])) / (sum(rate(messages_sent_total[$__rate_interval])) > 0)',
      ),
    }),
    graph('연결 종료 이유 · Streams that the server closed', 'ops', {
      '{{reason}}': orNone('sum by (reason) (rate(stream_closes_total[$__rate_interval]))'),
    }),
    graph('연결 요청 · Streams opened', 'ops', {
      '{{path}} {{status}}':
        'sum by (path, status) (rate(http_requests_total{service="chat-service",path=~"/stream.*|/ws.*"}[$__rate_interval]))',
    }),
    graph('접속자 · People online', 'short', { online: 'max(online_users_count)' }),
    graph('이벤트 루프 지연 · Event loop lag of chat-service, p99', 's', {
      '{{instance}}': 'nodejs_eventloop_lag_p99_seconds and on (instance) up{service="chat-service"}',
    }),
  ],
}

const distributed = { only: 'distributed' } as const

export const PARTITIONS: Dashboard = {
  uid: 'bigtech-partitions',
  title: 'Partitions',
  panels: [
    stat(
      '담당 없는 파티션 · Without an owner',
      'short',
      'count(sum by (partition) (partition_owned) == 0) or vector(0)',
    ),
    stat(
      '담당이 둘인 파티션 · With more than one owner',
      'short',
      'count(sum by (partition) (partition_owned) > 1) or vector(0)',
    ),
    graph(
      '프로세스별 파티션 · Partitions by process',
      'short',
      { '{{instance}}': 'sum by (instance) (partition_owned)' },
      distributed,
    ),
    graph(
      '문서 · Documents written to the log',
      'ops',
      { '{{partition}}': 'sum by (partition) (rate(partition_commit_commands_count[$__rate_interval]))' },
      distributed,
    ),
    graph(
      '문서당 명령 · Commands in a document',
      'short',
      {
        mean: orNone(
          'sum(rate(partition_commit_commands_sum[$__rate_interval])) / (sum(rate(partition_commit_commands_count[$__rate_interval])) > 0)',
        ),
        p95: 'histogram_quantile(0.95, sum by (le) (rate(partition_commit_commands_bucket[$__rate_interval])))',
      },
      distributed,
    ),
    graph(
      '대기 중인 명령 · Commands that wait for the owner',
      'short',
      { '{{partition}}': 'max by (partition) (partition_waiting_commands)' },
      distributed,
    ),
    graph(
      '테이블에 아직 없는 문서 · Not in the tables yet',
      'short',
      { '{{partition}}': 'max by (partition) (partition_unapplied_documents)' },
      distributed,
    ),
    graph(
      'Kafka에 아직 없는 문서 · Not on Kafka yet',
      'short',
      { '{{partition}}': 'max by (partition) (partition_unpublished_documents)' },
      distributed,
    ),
    graph(
      '따라 읽기 지연 · Documents that the slowest process has not seen',
      'short',
      {
        '{{partition}}': 'max by (partition) (partition_last_document) - min by (partition) (partition_seen_document)',
      },
      distributed,
    ),
    graph(
      '색인 대기 방 · Rooms that wait for the search index',
      'short',
      { '{{instance}}': 'search_index_waiting_rooms' },
      distributed,
    ),
  ],
}

export const EVENTS: Dashboard = {
  uid: 'bigtech-events',
  title: 'Events',
  panels: [
    graph('발행 · Published', 'ops', {
      '{{service}}': 'sum by (service) (rate(events_published_total[$__rate_interval]))',
    }),
    graph('처리 · Handled', 'ops', {
      '{{service}} {{outcome}}': 'sum by (service, outcome) (rate(events_handled_total[$__rate_interval]))',
    }),
    graph('소비 지연 · Consumer lag', 'short', {
      '{{service}} {{topic}}': 'max by (service, topic) (consumer_lag_records)',
    }),
    graph('처리 시간 · Time to handle an event, p95', 's', {
      '{{service}}':
        'histogram_quantile(0.95, sum by (service, le) (rate(event_handling_seconds_bucket[$__rate_interval])))',
    }),
    graph('발행 지연 · From the change to the bus, p95', 's', {
      '{{service}}':
        'histogram_quantile(0.95, sum by (service, le) (rate(event_publish_delay_seconds_bucket[$__rate_interval])))',
    }),
    graph('Outbox 대기 · Events in outboxes', 'short', {
      '{{service}}': 'max by (service) (outbox_pending_events)',
      '{{service}} parked': 'max by (service) (outbox_parked_events)',
    }),
    graph('Outbox 나이 · Oldest event in outboxes', 's', {
      '{{service}}': 'max by (service) (outbox_oldest_age_seconds)',
    }),
    graph('실패 · Retries, dead letters, outages', 'ops', {
      retries: orNone('sum(rate(event_retries_total[$__rate_interval]))'),
      'dead letters': orNone('sum(rate(events_handled_total{outcome="dead_lettered"}[$__rate_interval]))'),
      outages: orNone('sum(rate(outbox_outages_total[$__rate_interval]))'),
    }),
    graph('푸시 · Pushes', 'ops', {
      '{{outcome}}': orNone('sum by (outcome) (rate(push_deliveries_total[$__rate_interval]))'),
    }),
    graph('메일 · Mails', 'ops', {
      '{{outcome}}': orNone('sum by (outcome) (rate(mail_deliveries_total[$__rate_interval]))'),
    }),
  ],
}
