{{- /*
Adds the defaults of values that are missing. `helm upgrade --reuse-values` passes the values of the release as it is, and
an older chart lacked some of today's. Each template of a chart includes this first. files/defaults.yaml has every value
by its path; a map without fixed keys, such as `resources`, is one value: a key that is not there was removed on purpose.
*/ -}}
{{- define "service-library.completeValues" -}}
{{- range $path, $default := .Files.Get "files/defaults.yaml" | fromYaml -}}
{{- $keys := splitList "." $path -}}
{{- $map := $.Values -}}
{{- range initial $keys -}}
{{- if not (index $map .) -}}
{{- $_ := set $map . dict -}}
{{- end -}}
{{- $map = index $map . -}}
{{- end -}}
{{- if not (hasKey $map (last $keys)) -}}
{{- $_ := set $map (last $keys) $default -}}
{{- end -}}
{{- end -}}
{{- end }}
