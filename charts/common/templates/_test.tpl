{{- /*
What `helm test` runs: the chart's files/test.mjs, in the service's image. The pod may connect to the service's servers
and to DNS only. Takes (list $ environment).
*/ -}}
{{- define "service-library.test" -}}
{{- $root := index . 0 -}}
{{- $environment := index . 1 -}}
apiVersion: v1
kind: Pod
metadata:
  name: {{ include "service-library.name" $root }}-test
  {{- $labels := include "service-library.podLabels" (list $root "test") | fromYaml }}
  labels: {{- merge $labels (include "service-library.labels" (list $root "test") | fromYaml) | toYaml | nindent 4 }}
  {{- $hook := include "service-library.testHook" $root | fromYaml }}
  annotations: {{- merge $hook $root.Values.podAnnotations | toYaml | nindent 4 }}
spec:
  restartPolicy: Never
  {{- include "service-library.podSettings" (list $root (dict "activeDeadlineSeconds" 120)) | nindent 2 }}
  containers:
    - name: test
      {{- include "service-library.containerSettings" $root | nindent 6 }}
      command: [node, /test/test.mjs]
      env:
        {{- range $name, $value := $environment }}
        - name: {{ $name }}
          value: {{ $value | quote }}
        {{- end }}
      resources: {{- toYaml $root.Values.test.resources | nindent 8 }}
      volumeMounts:
        - name: test
          mountPath: /test
          readOnly: true
  volumes:
    - name: test
      configMap:
        name: {{ include "service-library.name" $root }}.test
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "service-library.name" $root }}.test
  labels: {{- include "service-library.labels" (list $root "test") | nindent 4 }}
  annotations:
    {{- include "service-library.testHook" $root | nindent 4 }}
    # created before the pod
    helm.sh/hook-weight: '-5'
data:
  test.mjs: |
    {{- $root.Files.Get "files/test.mjs" | trim | nindent 4 }}
{{- if $root.Values.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "service-library.name" $root }}.test
  labels: {{- include "service-library.labels" (list $root "test") | nindent 4 }}
  annotations:
    {{- include "service-library.testHook" $root | nindent 4 }}
    helm.sh/hook-weight: '-5'
spec:
  podSelector:
    matchLabels: {{- include "service-library.selector" (list $root "test") | nindent 6 }}
  policyTypes: [Ingress, Egress]
  egress:
    - to:
        - podSelector:
            matchLabels: {{- include "service-library.selector" (list $root "server") | nindent 14 }}
      ports:
        - { port: http }
        - { port: management }
    {{- include "service-library.dnsEgress" $root | nindent 4 }}
{{- end }}
{{- end }}

{{- define "service-library.testHook" -}}
helm.sh/hook: test
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
helm.sh/hook-output-log-policy: hook-succeeded,hook-failed
{{- end }}
