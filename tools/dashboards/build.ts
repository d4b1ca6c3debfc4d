import { DashboardBuilder, type Dashboard as GrafanaDashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as GraphBuilder } from '@grafana/grafana-foundation-sdk/timeseries'
import { DASHBOARDS } from './dashboards.ts'
import type { Dashboard, Panel } from './panels.ts'

/** As infrastructure/monitoring/grafana/provisioning names it. */
const PROMETHEUS = { type: 'prometheus', uid: 'prometheus' }
/** Grafana's grid is 24 wide. */
const HALF = 12
const HEIGHT = 8
const STAT_HEIGHT = 4

/** Path → text, for Grafana to be provisioned with. */
export const dashboardFiles = (): [string, string][] =>
  DASHBOARDS.map((dashboard) => [
    `infrastructure/monitoring/grafana/dashboards/${dashboard.uid}.json`,
    `${JSON.stringify(build(dashboard), null, 2)}\n`,
  ])

function build({ uid, title, panels }: Dashboard): GrafanaDashboard {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .tags(['bigtech-chat', 'generated'])
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .timezone('browser')
    .readonly()
  for (const panel of panels) builder.withPanel(panelOf(panel))
  return builder.build()
}

function panelOf({ title, kind, unit, queries, exemplars, only }: Panel): GraphBuilder | StatBuilder {
  const panel = kind === 'stat' ? new StatBuilder() : new GraphBuilder().min(0)
  panel
    .title(title)
    .unit(unit)
    .span(HALF)
    .height(kind === 'stat' ? STAT_HEIGHT : HEIGHT)
    .datasource(PROMETHEUS)
  if (only) panel.description('Only in the distributed profile')
  queries.forEach(({ expr, legend }, index) => {
    const query = new DataqueryBuilder()
      .expr(expr)
      .refId(String.fromCharCode(65 + index))
      .datasource(PROMETHEUS)
    if (legend !== '') query.legendFormat(legend)
    if (exemplars) query.exemplar(true)
    panel.withTarget(query)
  })
  return panel
}
