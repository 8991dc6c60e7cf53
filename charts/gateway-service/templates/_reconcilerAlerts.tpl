{{- /* Of the reconciler in the gateway's pods. Nobody scrapes a Job: that it failed is what kube-state-metrics says. */ -}}
{{- define "gateway.reconcilerAlerts" -}}
{{- $series := printf "namespace=%q,service=\"gateway\"" .Release.Namespace -}}
{{- if .Values.reconcile.enabled }}
- alert: ReconcilerStopped
  expr: max(attendance_reconciler_stopped{ {{- $series -}} }) == 1
  for: 15m
  labels: { severity: critical, service: gateway }
  annotations:
    summary: The reconciler has stopped, and waits for a person
    description: |-
      The databases are not those that were introduced to each other, or too many claims are in one copy only. Nothing
      is dropped meanwhile. The log line `the reconciler has stopped` has the reason; a Job with `--dry-run` says what
      would be dropped. Look whether each owner has the right database before you accept it: docs/deploying.md, "When
      the reconciler has stopped".
- alert: ReconcilerLags
  # one pod that gets to the end is enough, and while it is stopped the other alert says so; the lag begins anew at each
  # start, so that restarts hide it, but not that no walk has ended
  expr: |-
    (min(attendance_reconciler_lag_seconds{ {{- $series -}} }) > 3600
      or sum(increase(attendance_walks_total{ {{- $series -}} ,outcome="reconciled"}[1h])) == 0)
      unless max(attendance_reconciler_stopped{ {{- $series -}} }) == 1
  # a new installation has no walk behind it: this is time for its first
  for: 30m
  labels: { severity: warning, service: gateway }
  annotations:
    summary: The reconciler is more than an hour behind
    description: |-
      Half claims take up room until it does; no reader sees them. Look at attendance_walks_total{outcome="unanswered"}
      and the log line `the reconciler had no answer`, which has the reason: mostly an owner or its database is slow or
      down. If there is neither, gateways restart before a walk comes to its end: find out why. If walks do reach their
      end (outcome="reconciled"), a transaction of a service's role has stayed open in one of the databases: the oldest
      xact_start in pg_stat_activity.
- alert: HalfClaimsKeepComing
  expr: sum(increase(attendance_claims_dropped_total{ {{- $series -}} ,reason="half"}[1h])) > 100
  for: 2h
  labels: { severity: warning, service: gateway }
  annotations:
    summary: More than 100 half claims an hour are dropped, for hours
    description: |-
      A few come from a pod or a machine that dies. So many mean that adds or removes keep ending half-way. Look at
      attendance_withdrawals_total with an outcome other than "retired", attendance_adds_total{outcome="unknown"},
      downstream_request_duration_seconds_count by outcome, restarts of pods, and the clocks.
- alert: HalfClaimsStay
  # none is dropped; or one stays for more than an hour, whatever becomes of others
  expr: |-
    ((min(attendance_half_claims{ {{- $series -}} }) > 0
      unless sum(increase(attendance_claims_dropped_total{ {{- $series -}} ,reason!="surplus"}[1h])) > 0)
      or max(attendance_half_claims_oldest_seconds{ {{- $series -}} }) > 3600)
      unless max(attendance_reconciler_stopped{ {{- $series -}} }) == 1
  for: 1h
  labels: { severity: warning, service: gateway }
  annotations:
    summary: The reconciler sees half claims that it does not drop
    description: |-
      A walk drops what it saw, or another pod's has. An owner refuses what is too young by its own clock: look at the
      clocks of the databases' machines, and at what a Job with `--dry-run` says.
{{- end }}
{{- if .Values.reconcile.cronJob.enabled }}
- alert: ReconcileJobFailed
  # of kube-state-metrics
  expr: |-
    max(kube_job_failed{namespace={{ .Release.Namespace | quote }},job_name=~"{{ .Chart.Name }}-reconcile-.+",condition="true"})
      > 0
  for: 15m
  labels: { severity: warning, service: gateway }
  annotations:
    summary: A Job that reconciles has failed
    description: |-
      Its log has the reason. Exit code 1: a person has to accept what would be dropped (docs/deploying.md, "When the
      reconciler has stopped"); 2: an owner did not answer. The alert ends when the Job is deleted, or newer ones have
      taken its place.
{{- end }}
{{- end }}
