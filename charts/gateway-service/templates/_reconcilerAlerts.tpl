{{- /* Prometheus does not scrape Jobs: whether one failed is known from kube-state-metrics. */ -}}
{{- define "gateway-service.reconcilerAlerts" -}}
{{- $series := printf "namespace=%q,service=\"gateway\"" .Release.Namespace -}}
{{- if .Values.reconcile.enabled }}
- alert: ReconcilerTripped
  expr: max(attendance_reconciler_tripped{ {{- $series -}} }) == 1
  for: 15m
  labels: { severity: critical, service: gateway }
  annotations:
    summary: The reconciler's guard has tripped; it waits for a person
    description: |-
      Either the two databases do not know each other, or a scan would drop too many claims. The reconciler drops
      nothing until this is resolved. The gateway logs the reason; a Job with `--dry-run` lists what would be dropped.
      Check that each owner service uses the right database before you accept: docs/operating.md, "When the reconciler
      has tripped".
- alert: ReconcilerLags
  # One pod that completes scans is enough. ReconcilerTripped covers the time while the guard is tripped. Each restart
  # resets the lag, so the second condition checks that scans do complete.
  expr: |-
    (min(attendance_reconciler_lag_seconds{ {{- $series -}} }) > 3600
      or sum(increase(attendance_scans_total{ {{- $series -}} ,outcome="reconciled"}[1h])) == 0)
      unless max(attendance_reconciler_tripped{ {{- $series -}} }) == 1
  # leaves a new installation enough time for its first scan
  for: 30m
  labels: { severity: warning, service: gateway }
  annotations:
    summary: The reconciler is more than an hour behind
    description: |-
      Half claims stay in the databases until it catches up; they are invisible. If
      attendance_scans_total{outcome="unanswered"} rises, an owner service or its database is slow or down; the
      gateway's log has the cause. If no scan completes at all, find out why the gateways restart so often. If scans do
      complete (outcome="reconciled"), a service role's transaction has been open for too long in one of the databases:
      look for the oldest xact_start in pg_stat_activity.
- alert: HalfClaimsKeepComing
  expr: sum(increase(attendance_claims_dropped_total{ {{- $series -}} ,reason="half"}[1h])) > 100
  for: 2h
  labels: { severity: warning, service: gateway }
  annotations:
    summary: For hours, more than 100 half claims an hour have been dropped
    description: |-
      A crash of a pod or a machine leaves a few. So many mean that adds or removes keep failing half-way. Look at
      attendance_withdrawals_total with an outcome other than "retired", attendance_adds_total{outcome="unknown"},
      downstream_request_duration_seconds_count by outcome, pod restarts, and the clocks.
- alert: HalfClaimsStay
  # no half claim is dropped, or one of them is older than an hour
  expr: |-
    ((min(attendance_half_claims{ {{- $series -}} }) > 0
      unless sum(increase(attendance_claims_dropped_total{ {{- $series -}} ,reason!="surplus"}[1h])) > 0)
      or max(attendance_half_claims_oldest_seconds{ {{- $series -}} }) > 3600)
      unless max(attendance_reconciler_tripped{ {{- $series -}} }) == 1
  for: 1h
  labels: { severity: warning, service: gateway }
  annotations:
    summary: The reconciler sees half claims but does not drop them
    description: |-
      A scan drops the half claims that it sees, unless another pod already has. An owner service refuses to drop claims
      that are too young by its database's clock: check the clocks of the databases' machines, and run a Job with
      `--dry-run`.
{{- end }}
{{- if .Values.reconcile.cronJob.enabled }}
- alert: ReconcileJobFailed
  # a metric of kube-state-metrics
  expr: |-
    max(kube_job_failed{namespace={{ .Release.Namespace | quote }},job_name=~"{{ include "gateway-service.reconcileName" . }}-.+",condition="true"})
      > 0
  for: 15m
  labels: { severity: warning, service: gateway }
  annotations:
    summary: A reconciler Job has failed
    description: |-
      The Job's log has the reason. Exit code 1: a person must decide whether to drop the claims (docs/operating.md,
      "When the reconciler has tripped"). Exit code 2: an owner service did not answer. The alert ends when the Job is
      deleted, or when newer Jobs have replaced it.
{{- end }}
{{- end }}
