{{- /*
What `helm test` runs: the chart's files/test.mjs in the service's own image, which may reach the servers of its own
release and DNS. Takes (list $ environment).
*/ -}}
{{- define "service.test" -}}
{{- $root := index . 0 -}}
{{- $environment := index . 1 -}}
apiVersion: v1
kind: Pod
metadata:
  name: {{ $root.Chart.Name }}-test
  labels: {{- include "service.labels" (list $root "test") | nindent 4 }}
  annotations: {{- include "service.testHook" $root | nindent 4 }}
spec:
  restartPolicy: Never
  activeDeadlineSeconds: 120
  {{- include "service.podSettings" $root | nindent 2 }}
  containers:
    - name: test
      {{- include "service.containerSettings" $root | nindent 6 }}
      command: [node, /test/test.mjs]
      env:
        {{- range $name, $value := $environment }}
        - name: {{ $name }}
          value: {{ $value | quote }}
        {{- end }}
      resources: {{- include "service.smallResources" $root | nindent 8 }}
      volumeMounts:
        - name: test
          mountPath: /test
          readOnly: true
  volumes:
    - name: test
      configMap:
        name: {{ $root.Chart.Name }}-test
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ $root.Chart.Name }}-test
  labels: {{- include "service.labels" (list $root "test") | nindent 4 }}
  annotations:
    {{- include "service.testHook" $root | nindent 4 }}
    # before the pod
    helm.sh/hook-weight: '-5'
data:
  test.mjs: |
    {{- $root.Files.Get "files/test.mjs" | trim | nindent 4 }}
{{- if $root.Values.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ $root.Chart.Name }}-test
  labels: {{- include "service.labels" (list $root "test") | nindent 4 }}
  annotations:
    {{- include "service.testHook" $root | nindent 4 }}
    helm.sh/hook-weight: '-5'
spec:
  podSelector:
    matchLabels: {{- include "service.selector" (list $root "test") | nindent 6 }}
  policyTypes: [Ingress, Egress]
  egress:
    - to:
        - podSelector:
            matchLabels: {{- include "service.selector" (list $root "server") | nindent 14 }}
      ports:
        - { port: http }
        - { port: management }
    {{- include "service.dnsEgress" $root | nindent 4 }}
{{- end }}
{{- end }}

{{- define "service.testHook" -}}
helm.sh/hook: test
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
helm.sh/hook-output-log-policy: hook-succeeded,hook-failed
{{- end }}
