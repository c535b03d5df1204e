# symeft completion for bash; put this into ~/.bashrc:   eval "$(symeft completion bash)"
_symeft() {
    local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" each
    line="${line#*"${COMP_WORDS[0]}"}"
    line="${line# }"
    COMPREPLY=()
    while IFS= read -r each; do
        # Flags only where a flag was begun, so that names of files can be completed.
        if [[ $each == "$word"* && ( $word == -* || $each != [-/]* ) ]]; then
            COMPREPLY+=("$(printf '%q' "$each")")
        fi
    done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
}
complete -o default -F _symeft symeft
