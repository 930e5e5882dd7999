#include "Formats/Q4_K.metal"
#include "Products/MatVec.metal"
#include "Products/MatMat.metal"
#include "Products/GetRows.metal"

template [[host_name("mat_vec_q4_k")]] kernel decltype(mat_vec<Q4_K>) mat_vec<Q4_K>;
template [[host_name("mat_mat_q4_k")]] kernel decltype(mat_mat<Q4_K>) mat_mat<Q4_K>;
template [[host_name("get_rows_q4_k")]] kernel decltype(get_rows<Q4_K>) get_rows<Q4_K>;
